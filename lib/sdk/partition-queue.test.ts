import { describe, expect, it } from 'vitest';
import { waitAfter, DEFAULT_RETRY } from './backoff';
import { PartitionQueue } from './partition-queue';
import { decodeDone, encodeDone, type ReceivedRecord } from './transport';

const record = (offset: number, key: string | null): ReceivedRecord => ({
  topic: 't',
  partition: 0,
  offset: String(offset),
  timestamp: 0,
  key: key === null ? null : Buffer.from(key),
  value: null,
  headers: [],
});

function makeQueue() {
  const ends = new Map<string, (done: boolean) => void>();
  const full: boolean[] = [];
  const queue = new PartitionQueue(
    ({ offset }) => new Promise((resolve) => ends.set(offset, resolve)),
    (isFull) => full.push(isFull),
  );
  const end = async (offset: number, done = true) => {
    ends.get(String(offset))?.(done);
    ends.delete(String(offset));
    await Promise.resolve().then(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, end, full, running: () => [...ends.keys()] };
}

describe("a partition's queue", () => {
  it('works one key after another, keys beside each other, and commits the unbroken run', async () => {
    const { queue, end, running } = makeQueue();
    queue.add([record(5, 'a'), record(6, 'a'), record(7, 'b'), record(9, null)], new Set());
    expect(running()).toEqual(['5', '7', '9']);
    await end(7);
    expect(queue.position()).toEqual({ offset: 5n, beyond: new Set([7n]) });
    await end(5);
    expect(running()).toEqual(['9', '6']);
    expect(queue.position()?.offset).toBe(6n);
    await end(6);
    await end(9);
    // The hole at 8 is the log's own and must not hold the commit.
    expect(queue.position()).toEqual({ offset: 10n, beyond: new Set() });
  });

  it('does not work again what an earlier commit names as done', () => {
    const { queue, running } = makeQueue();
    queue.add([record(1, 'a'), record(2, 'a'), record(3, 'b')], new Set(['1', '3']));
    expect(running()).toEqual(['2']);
    expect(queue.position()).toEqual({ offset: 2n, beyond: new Set([3n]) });
  });

  it('says when it is full and when it has room again', async () => {
    const { queue, end, full } = makeQueue();
    queue.add(
      Array.from({ length: 500 }, (_, offset) => record(offset, null)),
      new Set(),
    );
    expect(full).toEqual([true]);
    for (let offset = 0; offset < 260; offset += 1) await end(offset);
    expect(full.at(-1)).toBe(false);
  });

  it('leaves a record open that was left unfinished', async () => {
    const { queue, end } = makeQueue();
    queue.add([record(1, 'a'), record(2, 'b')], new Set());
    await end(1, false);
    await end(2);
    expect(queue.position()).toEqual({ offset: 1n, beyond: new Set([2n]) });
  });
});

describe('what is done beyond the commit', () => {
  it("comes back from the commit's metadata, however it was put", () => {
    expect(encodeDone([9n, 7n, 8n, 12n])).toBe('done:7-9,12');
    expect(decodeDone('done:7-9,12')).toEqual(new Set(['7', '8', '9', '12']));
    for (const other of [null, '', 'done:x', 'something else', 'done:1-', 'done:-1'])
      expect(decodeDone(other).size, String(other)).toBe(0);
  });
  it("never outgrows the broker's limit", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => BigInt(n * 2));
    expect(encodeDone(many).length).toBeLessThanOrEqual(4_096);
  });
});

describe('the wait after a failed try', () => {
  it('grows to its most, less a random part', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) => waitAfter(DEFAULT_RETRY, attempt, () => 0));
    expect(waits).toEqual([1_000, 3_000, 9_000, 27_000, 60_000, 60_000]);
    expect(waitAfter(DEFAULT_RETRY, 1, () => 1)).toBe(800);
  });
});
