import { describe, expect, it } from 'vitest';
import { believedId, MAX_AHEAD_MS } from './identity';

const NOW = Date.UTC(2026, 10, 29);
const idAt = (milliseconds: number) => {
  const hex = milliseconds.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
};
const record = { topic: 'orders', timestamp: NOW, id: idAt(NOW), origin: 'orders' };

describe('the message that a record is', () => {
  it('is the one that its headers name on its own topic, and on retry and dead-letter topics', () => {
    expect(believedId(record)).toBe(record.id);
    expect(believedId({ ...record, topic: 'courier.retry.payment' })).toBe(record.id);
    expect(believedId({ ...record, topic: 'courier.dlq.payment' })).toBe(record.id);
  });

  it('is another one where the headers were copied from elsewhere, or are none', () => {
    expect(believedId({ ...record, topic: 'audit' })).toBeUndefined();
    expect(believedId({ ...record, origin: undefined })).toBeUndefined();
    expect(believedId({ ...record, id: record.id.toUpperCase() })).toBeUndefined();
    expect(believedId({ ...record, id: undefined })).toBeUndefined();
  });

  it('is another one where the id was made by a clock that is more than a day ahead', () => {
    expect(believedId({ ...record, id: idAt(NOW + MAX_AHEAD_MS) })).toBeDefined();
    expect(believedId({ ...record, id: idAt(NOW + MAX_AHEAD_MS + 1) })).toBeUndefined();
    expect(believedId({ ...record, id: idAt(281_474_976_710_655) })).toBeUndefined();
    expect(believedId({ ...record, id: idAt(NOW - 10 * 365 * MAX_AHEAD_MS) })).toBeDefined();
    // A producer's time may be ahead as well as its id.
    const far = Date.UTC(2200, 0, 1);
    expect(believedId({ ...record, id: idAt(far), timestamp: far })).toBeUndefined();
    expect(believedId({ ...record, id: idAt(far), timestamp: far }, far)).toBeDefined();
  });
});
