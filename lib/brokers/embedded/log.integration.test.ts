import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { partitionOfKey } from '../key-hash';
import { EmbeddedBroker } from './adapter';
import { trimLog } from './log';

const record = (topic: string) => ({ topic, partition: 0, key: null, value: Buffer.from('v'), headers: [] });

describe('the embedded log', () => {
  let database: TestDatabase;
  let broker: EmbeddedBroker;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    broker = new EmbeddedBroker('test', database.pool, 1_500, 86_400_000);
  });
  afterAll(() => database.drop());

  it('is trimmed without what is being written meanwhile', async () => {
    const topic = 'trimmed';
    await broker.createTopics([{ name: topic, partitions: 1 }]);
    await broker.publish([record(topic)]);
    await database.pool.query("UPDATE embedded_record SET at = now() - interval '2 days'");
    const writer = await database.pool.connect();
    await writer.query('BEGIN');
    // As an append does: it holds the partition while it takes its offset.
    await writer.query(
      `WITH slot AS (UPDATE embedded_partition SET next_offset = next_offset + 1 RETURNING topic_id, next_offset - 1 AS base)
       INSERT INTO embedded_record (topic_id, partition, "offset", at, value, headers)
       SELECT topic_id, 0, base, now(), 'new', '[]' FROM slot`,
    );
    const trimming = trimLog(database.pool, new Date(Date.now() - 86_400_000));
    await writer.query('COMMIT');
    writer.release();
    expect(await trimming).toBe(1);
    const [ends] = (await broker.logEnds([topic])).known;
    expect(ends).toMatchObject({ start: 1n, end: 2n });
    const [answer] = await broker.fetch([{ topic, partition: 0, offset: 1n }], {
      maxBytes: 1_000,
      waitMs: 0,
    });
    expect(answer?.records.map((record) => record.value?.toString())).toEqual(['new']);
  });

  it('gives a topic that is made later to those who wait for it', async () => {
    const groups = broker.capabilities.serviceAccess;
    const waiting = { signal: new AbortController().signal, idle: <T>(work: Promise<T>) => work };
    const joined = { group: 'payment', member: 'm1', clientId: 'c', host: 'h', topics: ['later'] };
    const before = await groups.join({ ...joined, from: 'beginning' } as never);
    expect(before.assignment).toEqual([]);
    await groups.topics({ topics: [{ name: 'later', partitions: 2 }] }, null);
    const poll = {
      group: 'payment',
      member: 'm1',
      generation: before.generation,
      waitMs: 0,
      maxBytes: 1,
      positions: [],
    };
    expect((await groups.poll(poll, waiting)).rejoin).toBe(true);
    const after = await groups.join({ ...joined, from: 'beginning' } as never);
    expect(after.assignment).toHaveLength(2);
  });

  it('keeps positions of partitions that there are, and of no others', async () => {
    const groups = broker.capabilities.serviceAccess;
    await groups.topics({ topics: [{ name: 'committed', partitions: 2 }] }, null);
    const member = { group: 'reads-committed', member: 'm1' };
    const { generation } = await groups.join({
      ...member,
      clientId: 'c',
      host: 'h',
      topics: ['committed'],
      fromBeginning: true,
    });
    const offsets = [0, 1, 2, 999].map((partition) => ({
      topic: 'committed',
      partition,
      offset: '5',
      metadata: null,
    }));
    await groups.commit({ ...member, generation, offsets });
    const { rows } = await database.pool.query<{ partition: number }>(
      `SELECT partition FROM embedded_position WHERE group_name = 'reads-committed' AND "offset" = 5 ORDER BY 1`,
    );
    expect(rows.map(({ partition }) => partition)).toEqual([0, 1]);
  });

  it('sends keys where they went before on a topic of release 0.1', async () => {
    const [old, made] = ['divided-before', 'divided-now'];
    await broker.createTopics([old, made].map((name) => ({ name, partitions: 7 })));
    await database.pool.query("UPDATE embedded_topic SET key_hash = 'fnv1a' WHERE name = $1", [old]);
    const key = Buffer.from('order-1149');
    const [before, now] = [partitionOfKey(key, 7, 'fnv1a'), partitionOfKey(key, 7)];
    expect(before).not.toBe(now);
    const records = [old, made].map((topic) => ({
      topic,
      key: key.toString('base64'),
      value: null,
      headers: [],
    }));
    const { answers } = await broker.capabilities.serviceAccess.publish({ records });
    expect(answers).toMatchObject([{ partition: before }, { partition: now }]);
    expect(await broker.partitionFor(old, key)).toBe(before);
  });
});
