import { describe, expect, it } from 'vitest';
import { makeFact, newId } from '@/lib/testing/facts';
import { expectationsOf, isArrival, type Subscriber } from './expected';

const position = { topic: 'orders', partition: 0, offset: '5' };
const id = newId();
const committed = makeFact('committed', id, 0, {
  position,
  message: { topic: 'orders', type: 'order.created' },
});
const subscriber = (changed: Partial<Subscriber> = {}): Subscriber => ({
  group: 'billing',
  topic: 'orders',
  types: null,
  beganAt: new Date('2026-01-01'),
  ...changed,
});

describe('an arrival', () => {
  it('is a commit, and any first sight of a message on its topic', () => {
    expect(isArrival(committed, new Set())).toBe(true);
    const handled = makeFact('handled', id, 0, { position, group: 'billing' });
    expect(isArrival(handled, new Set([id]))).toBe(true);
    expect(isArrival(handled, new Set())).toBe(false);
  });
  it('is none without a position, and none on a topic of a group alone', () => {
    expect(isArrival(makeFact('committed', id, 0), new Set([id]))).toBe(false);
    expect(
      isArrival({ ...committed, position: { ...position, topic: 'courier.retry.billing' } }, new Set()),
    ).toBe(false);
  });
});

describe('expected deliveries', () => {
  it('are one for each group that takes the message, with the same id each time', () => {
    const both = [subscriber(), subscriber({ group: 'shipping' })];
    const facts = expectationsOf([committed, committed], both);
    expect(facts.map(({ kind, group, messageId }) => [kind, group, messageId])).toEqual([
      ['expected', 'billing', id],
      ['expected', 'shipping', id],
    ]);
    expect(expectationsOf([committed], both).map(({ factId }) => factId)).toEqual(
      facts.map(({ factId }) => factId),
    );
  });
  it('are none of another topic or type', () => {
    expect(expectationsOf([committed], [subscriber({ topic: 'invoices' })])).toEqual([]);
    expect(expectationsOf([committed], [subscriber({ types: ['order.paid'] })])).toEqual([]);
    expect(expectationsOf([committed], [subscriber({ types: ['order.created'] })])).toHaveLength(1);
  });
  it('are none of what the index finds from before a group announced itself', () => {
    const indexed = makeFact('indexed', id, 0, {
      position,
      message: { topic: 'orders', sentAt: '2025-12-31T23:59:59.000Z' },
    });
    expect(expectationsOf([indexed], [subscriber()])).toEqual([]);
    expect(expectationsOf([{ ...indexed, kind: 'committed' }], [subscriber()])).toHaveLength(1);
  });
});
