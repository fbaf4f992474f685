import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { inTransaction } from '@/lib/postgres';
import { mergeFacts } from '@/lib/store/facts/merge';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { TopicFollower } from '@/lib/engine/ingest/follow-topics';
import { LagSampler } from '@/lib/engine/sampling/sampler';
import { readPayload } from '../messages/read-payload';
import { getTopic } from './get';
import { listTopics } from './list';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };

describe('the life of a topic', () => {
  let database: TestDatabase;
  let context: Context;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  /** Publishes a record that names the message. */
  const publish = async (topic: string, id: string) => {
    const header = (name: string, value: string): [string, Buffer] => [name, Buffer.from(value)];
    const headers = [header('courier-id', id), header('courier-topic', topic)];
    await context.broker.publish([{ topic, partition: 0, key: null, value: Buffer.from(id), headers }]);
  };
  const announce = (topic: string, id: string) =>
    mergeFacts(context.store, context.catalog, {
      source: 'test',
      receivedAt: new Date(),
      facts: [
        makeFact('committed', id, 0, {
          position: { topic, partition: 0, offset: '0' },
          message: { topic },
        }),
      ],
    });

  it('is told apart from that of the one that was made in its place: bodies left with it', async () => {
    const topic = 'anew';
    const sampler = new LagSampler(context);
    const [old, fresh] = [newId(), newId()];
    const departureOf = async (id: string) => (await readPayload.call(context, mei, { id })).departure;
    await context.broker.createTopics([{ name: topic, partitions: 1 }]);
    await sampler.sample();
    await publish(topic, old);
    await announce(topic, old);
    expect(await departureOf(old)).toBeNull();
    await sampler.sample();

    await context.broker.deleteTopic(topic);
    await sampler.sample();
    expect(await departureOf(old)).toMatchObject({ by: 'deleted', after: null, retentionSeconds: null });

    await context.broker.createTopics([{ name: topic, partitions: 1 }]);
    await publish(topic, fresh);
    await announce(topic, fresh);
    await sampler.sample();
    const departure = await departureOf(old);
    expect(departure).toMatchObject({ by: 'made_anew', retentionSeconds: null });
    expect(Date.parse(departure?.after ?? '')).toBeLessThan(Date.parse(departure?.before ?? ''));
    // The message of the new topic has the same position, and can be read.
    expect(await readPayload.call(context, mei, { id: fresh })).toMatchObject({
      from: 'broker',
      departure: null,
    });
  });

  it('has groups that read it now and groups that did', async () => {
    const topic = 'readers';
    const sampler = new LagSampler(context);
    await context.broker.createTopics([{ name: topic, partitions: 1 }]);
    for (const name of ['stays', 'leaves']) {
      await context.store.query('INSERT INTO embedded_group (name) VALUES ($1)', [name]);
      await context.store.query(
        'INSERT INTO embedded_position (group_name, topic_id, partition, "offset") SELECT $1, id, 0, 0 FROM embedded_topic WHERE name = $2',
        [name, topic],
      );
    }
    const readersOf = async () => {
      const { groups, pastGroups } = await getTopic.call(context, mei, { name: topic });
      return [groups.map((group) => group.name), pastGroups.map((group) => group.name)];
    };
    await sampler.sample();
    expect(await readersOf()).toEqual([['leaves', 'stays'], []]);
    for (const table of ['embedded_position', 'embedded_group'])
      await context.store.query(
        `DELETE FROM ${table} WHERE ${table === 'embedded_group' ? 'name' : 'group_name'} = 'leaves'`,
      );
    // One sample in which a group is missing may be a coordinator that is loading.
    await sampler.sample();
    expect(await readersOf()).toEqual([['leaves', 'stays'], []]);
    await sampler.sample();
    expect(await readersOf()).toEqual([['stays'], ['leaves']]);
  });

  it('is in the index since a time that the pages can say', async () => {
    const topic = 'indexed';
    await context.broker.createTopics([{ name: topic, partitions: 1 }]);
    await publish(topic, newId());
    await new LagSampler(context).sample();
    const since = async () => {
      const { indexedSince, indexBehind } = await getTopic.call(context, mei, { name: topic });
      const { rows } = await listTopics.call(context, mei, {});
      expect(rows.find((row) => row.name === topic)?.indexedSince).toBe(indexedSince);
      return { indexedSince, indexBehind };
    };
    expect(await since()).toEqual({ indexedSince: null, indexBehind: null });
    const begin = new Date(Date.now() - 86_400_000);
    const read = async () => {
      const follower = new TopicFollower(
        context,
        'topic index',
        (name) => name === topic,
        () => Promise.resolve({ since: begin, older: 0 }),
      );
      await follower.refresh();
      for (const batch of await follower.read(0, 1_000))
        await inTransaction(context.store, (client) => batch.claim(client));
    };
    await read();
    // Nothing was left out.
    expect(await since()).toEqual({ indexedSince: null, indexBehind: 0 });
    await context.store.query('DELETE FROM source_cursor');
    await context.store.query("UPDATE embedded_record SET at = at - interval '2 days'");
    await publish(topic, newId());
    await read();
    expect(await since()).toEqual({ indexedSince: begin.toISOString(), indexBehind: 0 });
  });
});
