import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { rebuild } from '@/lib/store/facts/rebuild';
import { recount } from '@/lib/store/facts/recount';
import { listFormerDays } from '@/lib/store/former/list';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { FactLoad, isRead, type Verdict } from './fact-load';
import { makeFormerDay } from './former-day';
import { randomOf, SEED, times } from './settings';
import { WorkerProcess } from './worker-process';

const BATCHES_BETWEEN = 4;
const NOTHING: Verdict = { missing: [], doubled: [], wrong: [] };

describe.runIf(inject('kafka'))(`a collector that is killed (seed ${SEED})`, () => {
  const kafka = inject('kafka');
  let database: TestDatabase;
  let context: Context;
  const started: WorkerProcess[] = [];

  const environment = () => ({
    COURIER_DATABASE_URL: database.url,
    COURIER_BROKERS: `kafka://${kafka?.address}`,
    COURIER_INTAKE_PORT: '0',
    COURIER_WORKER_PORT: '0',
    COURIER_LOG_LEVEL: 'error',
  });
  const workerOf = (script?: string[]) => {
    const worker = new WorkerProcess(environment(), script);
    started.push(worker);
    return worker;
  };

  beforeEach(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings(environment()), database.url, createLog('error'));
    await context.broker.createTopics([{ name: FACTS_TOPIC, partitions: 3 }]);
  });
  afterEach(async () => {
    for (const worker of started.splice(0)) await worker.stop();
    await closeContext(context);
    await database.drop();
  });

  /** Loads, kills, and starts again; then lets a worker that is not killed read to the end. */
  async function killUnderLoad(
    kills: number,
    script?: string[],
    there: readonly string[] = [],
  ): Promise<FactLoad> {
    const random = randomOf(1);
    const load = new FactLoad(`kill-${randomBytes(3).toString('hex')}`, random, true, there);
    await readAll();
    for (let kill = 0; kill < kills; kill += 1) {
      const worker = workerOf(script);
      await worker.start();
      for (let batch = 0; batch < BATCHES_BETWEEN; batch += 1) await load.byTopic(context);
      // Anywhere between before the last batch is read and after it is written.
      await new Promise((resolve) => setTimeout(resolve, random() * 120));
      await worker.kill();
    }
    await readAll();
    return load;
  }

  /** Also what other tests left on the topic, so that each kill meets this test's own. */
  async function readAll(): Promise<void> {
    const worker = workerOf();
    await worker.start();
    await expect.poll(() => isRead(context), { timeout: 60_000, interval: 200 }).toBe(true);
    await worker.stop();
  }

  const kills = times(20, 100);
  it(`${kills} times under load loses no row and doubles none`, { timeout: 600_000 }, async () => {
    const load = await killUnderLoad(kills);
    expect(load.acknowledged.length).toBe(kills * BATCHES_BETWEEN * 20);
    expect(await load.judge(context)).toEqual(NOTHING);
    const { differed } = await rebuild(context.store, context.catalog, () => undefined);
    expect(differed.filter((id) => load.acknowledged.includes(id))).toEqual([]);
  });

  const killsMoved = times(6, 50);
  it(
    `${killsMoved} times while a day of release 0.1 is moved loses no row, doubles none, and counts right`,
    {
      timeout: 600_000,
    },
    async () => {
      // Read before, so that the day is moved while this test's facts come, and not before.
      await readAll();
      const former = await makeFormerDay(context, killsMoved * BATCHES_BETWEEN * 10 + 4_000);
      const load = await killUnderLoad(killsMoved, undefined, former);
      expect(await load.judge(context)).toEqual(NOTHING);
      expect(load.acknowledged.filter((id) => former.includes(id)).length).toBe(
        killsMoved * BATCHES_BETWEEN * 10,
      );
      const worker = workerOf();
      await worker.start();
      await expect.poll(() => listFormerDays(context.store), { timeout: 60_000, interval: 200 }).toEqual([]);
      await worker.stop();
      const { rows } = await context.store.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM message WHERE id = ANY($1) AND "offset" IS NOT NULL',
        [former],
      );
      expect(rows[0]?.count).toBe(former.length);
      expect(await recount(context.store, context.cluster.id)).toBe(0);
    },
  );

  it('control: where the cursor moves before the rows are written, rows are missing', async () => {
    const load = await killUnderLoad(3, ['test/faults/unsafe-collector.ts']);
    const { missing, doubled } = await load.judge(context);
    expect(missing.length).toBeGreaterThan(0);
    expect(doubled).toEqual([]);
  });
});
