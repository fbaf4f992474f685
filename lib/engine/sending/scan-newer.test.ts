import { describe, expect, it } from 'vitest';
import type { Broker, BrokerRecord } from '@/lib/brokers/broker';
import { scanForKeys, scanForNewer } from './scan-newer';

const ENDS = { topic: 't', partition: 0, start: 0n };
const budget = (bytes = 1_000_000) => ({ bytes, until: performance.now() + 10_000 });

type Content = [key: string | null, value: string | null];

/** A topic of one partition whose records are given by offset; compacted ones are missing. */
function brokerOf(contents: Record<number, Content>, end: number, perFetch = 100): Pick<Broker, 'fetch'> {
  const records = Object.entries(contents).map(([offset, [key, value]]): BrokerRecord => ({
    ...ENDS,
    offset: BigInt(offset),
    timestamp: 0,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: [],
  }));
  return {
    fetch: ([from]) => {
      const found = records.filter(({ offset }) => offset >= (from?.offset ?? 0n)).slice(0, perFetch);
      const last = found.at(-1)?.offset;
      const next = found.length < perFetch || last === undefined ? BigInt(end) : last + 1n;
      return Promise.resolve([{ ...ENDS, records: found, next, end: BigInt(end), gap: null, problem: null }]);
    },
  };
}

const at = (...offsets: number[]) => ({
  messageId: `m${offsets[0]}`,
  partition: 0,
  offsets: offsets.map(BigInt),
});
/** The states of messages; of a newer record its position. */
async function statesOf(
  broker: Pick<Broker, 'fetch'>,
  ends: { end: bigint; start?: bigint },
  placed: ReturnType<typeof at>[],
  bytes?: number,
) {
  const found = await scanForNewer(broker, { ...ENDS, ...ends }, placed, budget(bytes));
  return Object.fromEntries([...found].map(([id, { state, position }]) => [id, position ?? state]));
}

describe('a scan for newer records of a key', () => {
  it('finds the newest one behind each chosen message', async () => {
    const broker = brokerOf({ 0: ['a', '1'], 1: ['b', '1'], 2: ['a', '2'], 3: ['a', '3'], 4: ['c', '1'] }, 5);
    expect(await statesOf(broker, { end: 5n }, [at(0), at(1), at(2), at(3), at(4)])).toEqual({
      m0: 't/0/3',
      m1: 'none',
      m2: 't/0/3',
      m3: 'none',
      m4: 'none',
    });
  });

  it('counts a tombstone, and not the same content again', async () => {
    const broker = brokerOf(
      { 0: ['a', '1'], 1: ['a', null], 2: ['b', '1'], 3: ['b', '1'], 4: ['c', null], 5: ['c', ''] },
      6,
    );
    expect(await statesOf(broker, { end: 6n }, [at(0), at(2), at(4)])).toEqual({
      m0: 't/0/1',
      m2: 'none',
      m4: 't/0/5',
    });
  });

  it('takes copies that Courier sent for the message itself', async () => {
    const broker = brokerOf({ 0: ['a', '1'], 1: ['a', '2'], 2: ['a', '1'] }, 3);
    expect(await statesOf(broker, { end: 3n }, [at(0, 2)])).toEqual({ m0: 'none' });
    expect(await statesOf(brokerOf({ 2: ['a', '1'] }, 3), { end: 3n }, [at(0, 2)])).toEqual({ m0: 'none' });
  });

  it('takes one to exist where compaction removed the message itself', async () => {
    const broker = brokerOf({ 0: ['a', '1'], 2: ['b', '1'] }, 3);
    expect(await statesOf(broker, { end: 3n }, [at(1)])).toEqual({ m1: 'newer' });
  });

  it('ends early where no chosen message has a key', async () => {
    const contents = Object.fromEntries(
      Array.from({ length: 50 }, (_, offset) => [offset, [null, '12345678'] as Content]),
    );
    expect(await statesOf(brokerOf(contents, 50, 5), { end: 50n }, [at(0), at(3)], 40)).toEqual({
      m0: 'none',
      m3: 'none',
    });
  });

  it('excludes nothing where not all could be read', async () => {
    const contents = Object.fromEntries(
      Array.from({ length: 50 }, (_, offset) => [offset, [`k${offset}`, '12345678'] as Content]),
    );
    expect(await statesOf(brokerOf(contents, 50, 5), { end: 50n }, [at(0)], 40)).toEqual({ m0: 'unread' });
    expect(await statesOf(brokerOf(contents, 50, 5), { end: 50n }, [at(0)])).toEqual({ m0: 'none' });
    expect(await statesOf(brokerOf({ 5: ['k', '1'] }, 6), { end: 6n, start: 5n }, [at(0)])).toEqual({
      m0: 'unread',
    });
  });
});

describe('a scan for keys', () => {
  it('finds the last record of each from an offset on, or says that it could not', async () => {
    const broker = brokerOf({ 0: ['a', '1'], 1: ['b', '1'], 2: ['b', '2'], 3: [null, '1'] }, 4, 1);
    const ends = { ...ENDS, end: 4n };
    const keys = new Set(['a', 'b', 'c']);
    expect(await scanForKeys(broker, ends, 1n, keys, budget())).toEqual(new Map([['b', 2n]]));
    expect(await scanForKeys(broker, ends, 1n, keys, budget(1))).toBeNull();
    expect(await scanForKeys(broker, ends, 4n, keys, budget(0))).toEqual(new Map());
  });
});
