import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { trimLog } from '@/lib/brokers/embedded/log';
import { readSettings } from '@/lib/config';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { createLog } from '@/lib/log';
import { acknowledgeGroupLosses } from '@/lib/operations/groups/acknowledge-losses';
import { listEpisodes } from '@/lib/operations/episodes/list';
import { removeOld } from '@/lib/store/schema/remove-old';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { LagSampler } from '../sampling/sampler';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
const PERIOD_S = 10;

describe('episodes of a cluster', () => {
  let database: TestDatabase;
  let context: Context;
  let sampler: LagSampler;
  const begin = Math.floor(Date.now() / 600_000) * 600_000;
  let clock = 0;
  const timed = (): Context => ({ ...context, now: () => new Date(begin + clock * 1_000) });

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
    await context.broker.createTopics([{ name: 'parcels', partitions: 1 }]);
    await context.store.query("INSERT INTO embedded_group (name) VALUES ('slow')");
    await context.store.query(
      `INSERT INTO embedded_position (group_name, topic_id, partition, "offset") SELECT 'slow', id, 0, 0 FROM embedded_topic`,
    );
    sampler = new LagSampler(timed());
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  const join = () =>
    context.store.query(
      `INSERT INTO embedded_member (group_name, member, client_id, host, topics, assignment, seen_at)
       VALUES ('slow', 'm1', 'shipping-5d', 'host-b', '{parcels}', '[{"topic":"parcels","partitions":[0]}]', now() + interval '1 hour')`,
    );
  const leave = () => context.store.query('DELETE FROM embedded_member');
  const commit = () =>
    context.store.query(
      'UPDATE embedded_position SET "offset" = (SELECT next_offset FROM embedded_partition)',
    );
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
  async function samples(count: number, between: () => Promise<unknown> = () => Promise.resolve()) {
    for (let n = 0; n < count; n += 1) {
      clock += PERIOD_S;
      await between();
      await sampler.sample();
    }
  }
  const happened = (more: { group?: string; small?: boolean } = {}, actor = mei) =>
    listEpisodes.call(timed(), actor, {
      from: new Date(begin).toISOString(),
      small: true,
      ...more,
    });
  const iso = (seconds: number) => new Date(begin + seconds * 1_000).toISOString();

  it('has none of a group that is read, and one of a time without members, also over a restart', async () => {
    await join();
    await samples(6, async () => {
      await publish(1);
      await commit();
    });
    expect((await happened()).rows).toEqual([]);
    await leave();
    await publish(3);
    const left = clock;
    await samples(4);
    const [row] = (await happened()).rows;
    expect(row).toMatchObject({
      named: {
        kind: 'no_members',
        subject: { group: 'slow' },
        figures: { waiting: 3, last: { member: 'shipping-5d', host: 'host-b' } },
        acknowledged: null,
      },
      ended: null,
    });
    expect(row && row.began >= iso(left) && row.began <= iso(left + PERIOD_S)).toBe(true);
    sampler = new LagSampler(timed());
    await sampler.restore();
    await samples(2);
    const again = await happened();
    expect(again.rows.map(({ named }) => named.id)).toEqual([row?.named.id]);
    expect(again.counts).toEqual({ all: 1, open: 1, byThemselves: 0, byPeople: 0 });
    expect(again.marks).toEqual([]);
  });

  it('folds what it lost meanwhile into it, and keeps who acknowledged that', async () => {
    await trimLog(context.store, new Date(Date.now() + 60_000));
    await samples(1);
    const [row] = (await happened()).rows;
    expect(row).toMatchObject({
      named: {
        kind: 'data_loss',
        subject: { group: 'slow', topic: 'parcels', partition: 0 },
        figures: { records: 3 },
      },
      cause: { kind: 'no_members' },
      folded: [{ kind: 'no_members' }],
    });
    await acknowledgeGroupLosses.call(timed(), mei, { name: 'slow', upTo: iso(clock) });
    expect((await happened()).rows[0]?.named.acknowledged?.by).toBe('mei');
    // A later loss is not acknowledged yet.
    await publish(2);
    await trimLog(context.store, new Date(Date.now() + 60_000));
    await publish(1);
    await samples(1);
    expect((await happened()).rows[0]?.named).toMatchObject({ figures: { records: 5 }, acknowledged: null });
  });

  it('ends it when members are back, once and for ever', async () => {
    await join();
    const back = clock;
    await samples(4, commit);
    const { rows } = await happened();
    const absence = rows
      .flatMap(({ named, folded }) => [named, ...folded])
      .find(({ kind }) => kind === 'no_members');
    expect(absence).toMatchObject({ endReason: 'recovered', endedBy: null });
    // The judge takes up to two measurements to see that they read.
    expect(absence?.ended && absence.ended >= iso(back) && absence.ended <= iso(back + 2 * PERIOD_S)).toBe(
      true,
    );
    await expect(
      context.store.query(`UPDATE episode SET ended = began - interval '1 second' WHERE id = $1`, [
        absence?.id,
      ]),
    ).rejects.toThrow(/check/);
  });

  it('has the time in which no broker answered, and that nothing was measured', async () => {
    const from = clock;
    for (let n = 0; n < 3; n += 1) {
      clock += PERIOD_S;
      await sampler.noteOutage('b1:9092: connection refused');
    }
    expect((await happened()).rows.map(({ named }) => named.kind)).toContain('broker_away');
    await samples(4, commit);
    const { rows, marks } = await happened();
    const away = rows.find(({ named }) => named.kind === 'broker_away');
    expect(away).toMatchObject({
      named: { subject: { broker: null }, figures: { error: 'b1:9092: connection refused', groups: 1 } },
      began: iso(from + PERIOD_S),
      ended: iso(from + 4 * PERIOD_S),
    });
    expect(marks).toMatchObject([
      {
        kind: 'gap',
        began: iso(from),
        ended: iso(from + 4 * PERIOD_S),
        figures: { missed: 3, reason: 'failing' },
      },
    ]);
  });

  it('shows an operator only what is of its groups', async () => {
    await context.store.query(
      `INSERT INTO instance (id, cluster_id, service, release, host, process, dropped, groups, started_at, last_seen_at)
       VALUES ('i1', $1, 'shipping', '1.4.3', 'host-b', 'p', 0, '{slow,other-1}', $2, $2)`,
      [context.cluster.id, iso(clock + PERIOD_S)],
    );
    await samples(1, commit);
    const releases = async (groups?: string[]) => {
      const { marks } = await happened({}, groups ? { ...mei, scope: { groups } } : mei);
      return marks.flatMap((mark) => (mark.kind === 'release' ? [mark.figures.groups] : []));
    };
    expect(await releases()).toEqual([['other-1', 'slow']]);
    expect(await releases(['other*'])).toEqual([['other-1']]);
    expect(await releases(['none'])).toEqual([]);
    const limited: Actor = { ...mei, scope: { groups: ['other*'] } };
    const { rows } = await happened({}, limited);
    expect(rows.map(({ named }) => named.kind)).toEqual(['broker_away']);
    expect((await happened({ group: 'slow' }, { ...mei, scope: { groups: ['slow'] } })).rows).toHaveLength(1);
    await expect(listEpisodes.call(timed(), mei, { from: iso(10), to: iso(0) })).rejects.toThrow(
      /later than from/,
    );
    await expect(happened({ group: 'slow' }, limited)).rejects.toThrow();
    await expect(happened({ group: 'nobody' })).rejects.toThrow(/no consumer group/);
  });

  it('keeps losses longer than the rest, and open ones for ever', async () => {
    const later = new Date(begin + 86_400_000);
    await removeOld(context.store, later, later);
    const { rows } = await context.store.query<{ kind: string; isOpen: boolean }>(
      'SELECT kind, ended IS NULL AS "isOpen" FROM episode ORDER BY kind',
    );
    expect(rows).toEqual([
      { kind: 'data_loss', isOpen: true },
      { kind: 'release', isOpen: true },
    ]);
    await context.store.query(
      "UPDATE episode SET ended = began, ended_earliest = began WHERE kind = 'data_loss'",
    );
    await removeOld(context.store, later, later);
    expect((await context.store.query("SELECT 1 FROM episode WHERE kind = 'data_loss'")).rowCount).toBe(1);
    const muchLater = new Date(begin + 400 * 86_400_000);
    await removeOld(context.store, muchLater, muchLater);
    expect((await context.store.query("SELECT 1 FROM episode WHERE kind = 'data_loss'")).rowCount).toBe(0);
  });
});
