import { describe, expect, it } from 'vitest';
import type { KafkaConnections } from './connections';
import type { KafkaMetadata } from './metadata';
import { KafkaReader } from './reader';
import { KAFKA_ERROR } from './wire/errors';

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
});
