import { expect, it } from 'vitest';
import { takesType } from './subscription';

it('takes every message where a subscription names no types', () => {
  expect(takesType(null, 'order.created')).toBe(true);
  expect(takesType(undefined, null)).toBe(true);
});

it('takes only the types that it names, and no message without a type', () => {
  expect(takesType(['order.created'], 'order.created')).toBe(true);
  expect(takesType(['order.created'], 'order.paid')).toBe(false);
  expect(takesType(['order.created'], undefined)).toBe(false);
  expect(takesType([], 'order.created')).toBe(false);
});
