import { describe, expect, it } from 'vitest';
import type { Broker, BrokerRecord } from '@/lib/brokers/broker';
import { findNewerRecords } from './newer-records';

/** A topic of one partition whose records are given by offset; compacted ones are missing. */
function brokerOf(
  keys: Record<number, string>,
  end: number,
  perFetch = 100,
): Pick<Broker, 'logEnds' | 'fetch'> {
  const records = Object.entries(keys).map(([offset, key]): BrokerRecord => ({
    topic: 't',
    partition: 0,
    offset: BigInt(offset),
    timestamp: 0,
    key: Buffer.from(key),
    value: Buffer.from('12345678'),
    headers: [],
  }));
  return {
    logEnds: () =>
      Promise.resolve({ known: [{ topic: 't', partition: 0, start: 0n, end: BigInt(end) }], unknown: [] }),
    fetch: ([from]) => {
      const found = records.filter(({ offset }) => offset >= (from?.offset ?? 0n)).slice(0, perFetch);
      const last = found.at(-1)?.offset;
      const next = found.length < perFetch || last === undefined ? BigInt(end) : last + 1n;
      const answer = { topic: 't', partition: 0, records: found, next, start: 0n, end: BigInt(end) };
      return Promise.resolve([{ ...answer, gap: null, problem: null }]);
    },
  };
}

const at = (offset: number) => ({ messageId: `m${offset}`, partition: 0, offset: BigInt(offset) });
const statesOf = async (...args: Parameters<typeof findNewerRecords>) =>
  Object.fromEntries(await findNewerRecords(...args));

describe('newer records of a key', () => {
  it('are found behind each chosen message', async () => {
    const broker = brokerOf({ 0: 'a', 1: 'b', 2: 'a', 3: 'c' }, 4);
    expect(await statesOf(broker, 't', [at(0), at(1), at(2), at(3)])).toEqual({
      m0: 'newer',
      m1: 'none',
      m2: 'none',
      m3: 'none',
    });
  });

  it('are taken to exist where compaction removed the message itself', async () => {
    expect(await statesOf(brokerOf({ 0: 'a', 2: 'b' }, 3), 't', [at(1)])).toEqual({ m1: 'newer' });
  });

  it('are not excluded where not all could be read', async () => {
    const keys = Object.fromEntries(Array.from({ length: 50 }, (_, offset) => [offset, `k${offset}`]));
    expect(await statesOf(brokerOf(keys, 50, 5), 't', [at(0)], 40)).toEqual({ m0: 'unread' });
    expect(await statesOf(brokerOf(keys, 50, 5), 't', [at(0)])).toEqual({ m0: 'none' });
    expect(await statesOf(brokerOf({}, 0), 't', [{ ...at(0), partition: 7 }])).toEqual({ m0: 'unread' });
  });
});
