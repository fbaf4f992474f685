import { expect, it } from 'vitest';
import { readStateOf } from './read-past';

it('is read past where every group is, else not reached by the one furthest from it', () => {
  expect(readStateOf([])).toEqual({ kind: 'nobody' });
  expect(
    readStateOf([
      { group: 'billing', ahead: -1 },
      { group: 'audit', ahead: -1 },
    ]),
  ).toEqual({ kind: 'read_past', group: 'audit', more: 1 });
  expect(
    readStateOf([
      { group: 'audit', ahead: -1 },
      { group: 'billing', ahead: 310 },
      { group: 'crm', ahead: 0 },
    ]),
  ).toEqual({ kind: 'not_reached', group: 'billing', ahead: 310, more: 1 });
});
