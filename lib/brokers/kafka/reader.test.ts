import { describe, expect, it } from 'vitest';
import type { KafkaConnections } from './connections';
import type { KafkaMetadata } from './metadata';
import { KafkaReader } from './reader';
import { KAFKA_ERROR } from './wire/errors';
import { encodeRecordBatch } from './wire/record-batch';

const position = { topic: 'orders', partition: 0, offset: 5n };

/** A reader of a broker that answers each fetch with one error. */
function readerOf(error: number) {
  let fetches = 0;
  const send = () => {
    fetches += 1;
    return Promise.resolve([
      { ...position, error, records: null, logStart: 0n, highWatermark: 10n, aborted: [] },
    ]);
  };
  const leaderOf = () => Promise.resolve(1);
  const reader = new KafkaReader(
    { sendRead: send as KafkaConnections['sendRead'] },
    { leaderOf, forget: () => undefined } as unknown as KafkaMetadata,
    ['kafka:9092'],
    1_000,
  );
  return { read: () => reader.fetch([position], { maxBytes: 1_000, waitMs: 0 }), fetches: () => fetches };
}

describe('reading from Kafka', () => {
  it.each([
    ['UNSUPPORTED_COMPRESSION_TYPE', 'unreadable'],
    ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'unreadable'],
    ['TOPIC_AUTHORIZATION_FAILED', 'refused'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'unknown_topic'],
  ] as const)('says %s at once: %s', async (name, problem) => {
    const { read, fetches } = readerOf(KAFKA_ERROR[name]);
    expect(await read()).toMatchObject([{ problem, records: [] }]);
    expect(fetches()).toBe(1);
  });

  it('asks again who leads where the leader moved, and gives up', async () => {
    const { read, fetches } = readerOf(KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER);
    expect(await read()).toMatchObject([{ problem: 'no_leader' }]);
    expect(fetches()).toBeGreaterThan(1);
  });

  it('does not let a broker that has nothing hold back what another has', async () => {
    const record = await encodeRecordBatch([{ key: null, value: Buffer.from('x'), headers: [] }], 1);
    let written: Buffer | null = record;
    const waits: [leader: number, waitMs: number | undefined][] = [];
    // Partition 0 is on broker 0, partition 1 on broker 1, which holds every request for as long as it may.
    const sendRead = (leader: number, _: unknown, { waitMs }: { waitMs?: number }) => {
      waits.push([leader, waitMs]);
      const records = leader === 0 ? written : null;
      return Promise.resolve([
        {
          topic: 'orders',
          partition: leader,
          error: 0,
          records,
          logStart: 0n,
          highWatermark: 1n,
          aborted: [],
        },
      ]);
    };
    const reader = new KafkaReader(
      { sendRead: sendRead as KafkaConnections['sendRead'] },
      {
        leaderOf: (_: string, partition: number) => Promise.resolve(partition),
        forget: () => undefined,
      } as unknown as KafkaMetadata,
      ['kafka:9092'],
      1_000,
    );
    const read = () =>
      reader.fetch(
        [0, 1].map((partition) => ({ topic: 'orders', partition, offset: 0n })),
        { maxBytes: 1_000, waitMs: 500 },
      );
    expect((await read()).map(({ records }) => records.length)).toEqual([1, 0]);
    expect(waits.every(([, waitMs]) => waitMs === 0)).toBe(true);
    written = null;
    waits.length = 0;
    await read();
    expect(waits.slice(-2)).toEqual([
      [0, 500],
      [1, 500],
    ]);
  });
});
