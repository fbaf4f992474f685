import { expect, it } from 'vitest';
import * as ids from './derived-ids';
import { reportedFact } from './fact-schema';

const TIME = Date.UTC(2025, 10, 30);
const MESSAGE = '01934a5b-7c00-7abc-8def-0123456789ab';
const position = { topic: 'orders', partition: 2, offset: '57' };

// What release 0.1 computed: its stores hold these ids, and a record read again must find its row.
it.each([
  ['019ad20f-2800-7073-9e21-63556a071209', ids.idOfRecord('main', 'inc-1', position, TIME)],
  ['019ad20f-2800-70a8-80d2-4afd5a4b8e57', ids.idOfRecord('main', null, position, TIME)],
  ['019ad20f-2800-70a8-80d2-4afd5a4b8e57', ids.idOfStranger('main', { position }, TIME)],
  [
    '019ad20f-2800-76a4-a11d-0aba8eedebc6',
    ids.idOfStranger('main', { message: { topic: 'orders', producerId: 'p-1' } }, TIME),
  ],
  ['01934a5b-7c00-72d9-86af-15203e85c92f', ids.idOnCluster('dr', MESSAGE)],
  ['019ad20f-2800-7e73-9004-9f5854a552d3', ids.idInsteadOf('main', MESSAGE, TIME)],
  ['019ad20f-2800-7064-95e2-a30102cf2e37', ids.indexedFactId('main', 'inc-1', position, TIME)],
  ['019ad20f-2800-7a22-b7b5-a2cd6d09621c', ids.deadLetteredFactId(position, TIME)],
])('computes %s as before', (stored, computed) => {
  expect(computed).toBe(stored);
});

// Release 0.1 made version 7 of them, which a service could report before Courier did. One more of them changes no status.
it.each([
  ['01934a5b-7c00-883a-a18e-57fb26e6e98b', ids.expectedFactId(MESSAGE, 'billing')],
  ['01934a5b-7c00-818f-9556-68ab9660e46e', ids.overdueFactId(MESSAGE, 'billing')],
])('computes %s, which no service may report', (expected, computed) => {
  expect(computed).toBe(expected);
  const reported = {
    factId: computed,
    kind: 'handled',
    messageId: MESSAGE,
    at: '2026-11-30T00:00:00.000Z',
    group: 'g',
  };
  expect(reportedFact.safeParse(reported).error?.message).toContain('version but 8');
  expect(
    reportedFact.safeParse({ ...reported, factId: ids.indexedFactId('main', null, position, TIME) }).success,
  ).toBe(true);
});
