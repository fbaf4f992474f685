import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { trimLog } from '@/lib/brokers/embedded/log';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { decodeLagChunk, encodeLagChunk } from '@/lib/domain/groups/lag-chunk';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import { keepBody } from '@/lib/store/bodies/keep';
import { mergeFacts } from '@/lib/store/facts/merge';
import { removeOld } from '@/lib/store/schema/remove-old';
import { readLagChunks, readLagNow } from '@/lib/store/lag/read-lag';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { readPayload } from '@/lib/operations/messages/read-payload';
import { behindOf } from '@/lib/operations/groups/lines';
import { readLag } from '@/lib/operations/groups/read-lag';
import { rollUpLag } from './roll-up';
import { LagSampler } from './sampler';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };

describe('measuring lag', () => {
  let database: TestDatabase;
  let context: Context;
  let now = Date.now();
  const at = (seconds: number): Context => ({ ...context, now: () => new Date(now + seconds * 1000) });

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
    // In the middle of a chunk, so that all measurements of the test share one.
    now = Math.floor(now / 600_000) * 600_000 + 300_000;
    await context.broker.createTopics([{ name: 'parcels', partitions: 1 }]);
    await context.store.query("INSERT INTO embedded_group (name) VALUES ('slow')");
    await context.store.query(
      'INSERT INTO embedded_position (group_name, topic_id, partition, "offset") SELECT \'slow\', id, 0, 0 FROM embedded_topic',
    );
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  const publish = (count: number) =>
    context.broker.publish(
      Array.from({ length: count }, () => ({
        topic: 'parcels',
        partition: 0,
        key: null,
        value: Buffer.from('x'),
        headers: [],
      })),
    );
  const commit = (offset: number) =>
    context.store.query('UPDATE embedded_position SET "offset" = $1', [offset]);
  const values = async (seconds: number) => {
    const lag = await readLag.call(at(seconds), mei, { name: 'slow', minutes: 15 });
    return lag.series[0]?.values.filter((value) => value !== null);
  };

  it('keeps rates, the time a position last moved and the chart, also over a restart of the sampler', async () => {
    let clock = 0;
    const sampler = new LagSampler({ ...context, now: () => new Date(now + clock * 1000) });
    await publish(100);
    await sampler.sample();
    clock = 10;
    await publish(50);
    await commit(30);
    await sampler.sample();
    const [row] = await readLagNow(context.store, context.cluster.id);
    expect(row).toMatchObject({
      group: 'slow',
      topic: 'parcels',
      committed: 30n,
      end: 150n,
      rateIn: 5,
      rateOut: 3,
    });
    expect(row?.movedAt.getTime()).toBe(now + 10_000);

    clock = 20;
    const next = new LagSampler({ ...context, now: () => new Date(now + clock * 1000) });
    await next.restore();
    await next.sample();
    const [after] = await readLagNow(context.store, context.cluster.id);
    expect(after?.movedAt.getTime()).toBe(now + 10_000);
    expect(await values(20)).toEqual([100, 120, 120]);
    // The chunk has the delay in seconds beside the lag of the partitions, and the delay does not count as a partition.
    const groupId = await context.catalog.findGroup('slow');
    const chunks = await readLagChunks(context.store, [groupId], new Date(now), new Date(now + 20_000));
    const behind = behindOf(chunks.get(groupId) ?? [], now, now + 30_000, 10);
    expect(behind).toHaveLength(3);
    expect(behind[2]).toBe(Math.round(after?.judged?.delay?.seconds ?? NaN));
  });

  it('knows between which measurements a body left the broker', async () => {
    const DAY_MS = 86_400_000;
    const [id, copied] = [newId(), newId()];
    const facts = [id, copied].map((messageId, at) =>
      makeFact('committed', messageId, 0, {
        position: { topic: 'parcels', partition: 0, offset: String(3 + at) },
        message: { topic: 'parcels' },
      }),
    );
    await mergeFacts(context.store, context.catalog, { source: 'test', facts, receivedAt: new Date() });
    const record = { topic: 'parcels', partition: 0, offset: 4n, timestamp: now, key: null, headers: [] };
    await keepBody(context.store, {
      messageId: copied,
      role: 'message',
      clusterId: context.cluster.id,
      record: { ...record, value: Buffer.from('kept') },
    });
    expect(await readPayload.call(context, mei, { id })).toMatchObject({
      from: 'broker',
      payload: { state: 'text', text: 'x' },
    });
    let clock = 30;
    const sampler = new LagSampler({ ...context, now: () => new Date(now + clock * 1000) });
    await sampler.sample();
    await trimLog(context.store, new Date(Date.now() + 60_000));
    clock = 40;
    await sampler.sample();
    expect(await readPayload.call(context, mei, { id })).toMatchObject({
      from: null,
      why: 'gone',
      departure: {
        after: new Date(now + 30_000).toISOString(),
        before: new Date(now + 40_000).toISOString(),
        retentionSeconds: 30 * 86_400,
      },
      kept: { record: new Date(timeOfUuidV7(id) + 30 * DAY_MS).toISOString(), copy: null },
    });
    const copy = await readPayload.call(context, mei, { id: copied });
    expect(copy).toMatchObject({
      from: 'store',
      payload: { text: 'kept' },
      departure: { retentionSeconds: 30 * 86_400 },
    });
    const days = (Date.parse(copy.kept.copy ?? '') - Date.now()) / DAY_MS;
    expect(Math.abs(days - 14)).toBeLessThan(0.1);
  });

  it('refuses another cluster at the same address', async () => {
    await context.store.query("UPDATE cluster SET broker_cluster_id = 'another'");
    await expect(new LagSampler(context).sample()).rejects.toThrow(/was another before/);
  });

  it('rolls days that are over up, and shows a month of them', async () => {
    const midnight = Math.floor(now / 86_400_000) * 86_400_000;
    const day = midnight - 5 * 86_400_000;
    const groupId = await context.catalog.groupId('slow');
    const topicId = await context.catalog.topicId('parcels');
    for (let chunk = 0; chunk < 144; chunk += 1) {
      const values = Array.from({ length: 60 }, (_, slot) => chunk * 10 + (slot === 30 ? 5 : 0));
      await context.store.query(
        'INSERT INTO lag_chunk (group_id, topic_id, start_at, data) VALUES ($1, $2, $3, $4)',
        [
          groupId,
          topicId,
          new Date(day + chunk * 600_000),
          Buffer.from(encodeLagChunk({ stepSeconds: 10, series: new Map([[0, values]]) })),
        ],
      );
    }
    expect(await rollUpLag(at(0))).toBe(1);
    expect(await rollUpLag(at(0))).toBe(0);
    const { rows } = await context.store.query<{ data: Buffer }>(
      'SELECT data FROM lag_rollup WHERE start_at = $1',
      [new Date(day)],
    );
    const rolled = decodeLagChunk(rows[0]?.data ?? Buffer.alloc(0)).series.get(0);
    expect(rolled?.slice(0, 4)).toEqual([0, 5, 10, 15]);
    expect(rolled?.at(-1)).toBe(1435);
    await removeOld(context.store, new Date(now - 30 * 86_400_000), new Date(now));
    const left = await context.store.query('SELECT 1 FROM lag_chunk WHERE start_at < $1', [
      new Date(midnight - 4 * 86_400_000),
    ]);
    expect(left.rowCount).toBe(0);
    const month = await readLag.call(at(0), mei, { name: 'slow', minutes: 43_200 });
    const shown = month.series[0]?.values.filter((value) => value !== null) ?? [];
    expect(Math.max(...shown)).toBe(1435);
    const zoomed = await readLag.call(at(0), mei, {
      name: 'slow',
      from: new Date(day).toISOString(),
      to: new Date(day + 3_600_000).toISOString(),
    });
    expect(Math.max(...(zoomed.series[0]?.values ?? []).map((value) => value ?? 0))).toBe(55);
    await expect(
      readLag.call(at(0), mei, {
        name: 'slow',
        from: new Date(now).toISOString(),
        to: new Date(day).toISOString(),
      }),
    ).rejects.toThrow(/forwards and 31 days/);
  });
});
