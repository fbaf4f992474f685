import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { rebuild } from '@/lib/store/facts/rebuild';
import { recount } from '@/lib/store/facts/recount';
import { listFormerDays } from '@/lib/store/former/list';
import { freePort } from '@/lib/embedded-postgres/ports';
import { CrashingDatabase } from './crashing-database';
import { FactLoad, isRead, type Verdict } from './fact-load';
import { makeFormerDay } from './former-day';
import { randomOf, SEED, times } from './settings';
import { WorkerProcess } from './worker-process';

/** Between two batches of 60 facts, so that the collector keeps up. */
const PACE_MS = 25;
const NOTHING: Verdict = { missing: [], doubled: [], wrong: [] };

describe.runIf(inject('kafka'))(`a database that is stopped at once (seed ${SEED})`, () => {
  const kafka = inject('kafka');
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const item of undo.splice(0).reverse()) await item();
  });

  /** One worker and its intake live through all stops, while facts come both ways. */
  async function stopUnderLoad(
    stops: number,
    load: FactLoad,
    {
      before = () => Promise.resolve(),
      prepare = () => Promise.resolve(),
      awayMs = 0,
      paceMs = PACE_MS,
    }: {
      before?: (context: Context) => Promise<void>;
      prepare?: (database: CrashingDatabase) => Promise<void>;
      awayMs?: number;
      paceMs?: number;
    } = {},
  ): Promise<Context> {
    const database = new CrashingDatabase();
    undo.push(() => database.drop());
    await database.start();
    const intakePort = await freePort();
    const environment = {
      COURIER_DATABASE_URL: database.url,
      COURIER_BROKERS: `kafka://${kafka?.address}`,
      COURIER_INTAKE_PORT: String(intakePort),
      COURIER_WORKER_PORT: '0',
      COURIER_LOG_LEVEL: 'silent',
    };
    const context = await buildContext(readSettings(environment), database.url, createLog('silent'));
    undo.push(() => closeContext(context));
    await context.broker.createTopics([{ name: FACTS_TOPIC, partitions: 3 }]);
    await before(context);
    const token = await createServiceToken(context, 'faults');
    const worker = new WorkerProcess(environment);
    undo.push(() => worker.stop());
    await worker.start();

    const random = randomOf(2);
    const stopLoad = new AbortController();
    const url = () => `http://127.0.0.1:${intakePort}`;
    const loads = [
      goOn(stopLoad.signal, paceMs, () => load.byTopic(context)),
      goOn(stopLoad.signal, paceMs, () => load.byIntake(url, token, stopLoad.signal)),
    ];
    const more = async () => {
      const { topic, intake } = load.batchesBy;
      const grown = () => load.batchesBy.topic >= topic + 4 && load.batchesBy.intake >= intake + 4;
      await expect.poll(grown, { timeout: 60_000, interval: 20 }).toBe(true);
    };
    await more();
    await prepare(database);
    for (let stop = 0; stop < stops; stop += 1) {
      await more();
      await new Promise((resolve) => setTimeout(resolve, random() * 200));
      await database.stopAtOnce();
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      await database.startAgain();
    }
    stopLoad.abort();
    await Promise.all(loads);
    await expect
      .poll(() => isRead(context).catch(() => false), { timeout: 60_000, interval: 200 })
      .toBe(true);
    expect(worker.isAlive).toBe(true);
    return context;
  }

  const stops = times(3, 20);
  it(
    `${stops} times under load loses no acknowledged fact and doubles none`,
    { timeout: 600_000 },
    async () => {
      const load = newLoad();
      const context = await stopUnderLoad(stops, load);
      expect(await load.judge(context)).toEqual(NOTHING);
      const { differed } = await rebuild(context.store, context.catalog, () => undefined);
      expect(differed.filter((id) => load.acknowledged.includes(id))).toEqual([]);
    },
  );

  it(
    `${stops} times while a day of release 0.1 is moved loses nothing, doubles nothing, and counts right`,
    {
      timeout: 600_000,
    },
    async () => {
      const former: string[] = [];
      const load = newLoad(true, former);
      const context = await stopUnderLoad(stops, load, {
        before: async (context) => void former.push(...(await makeFormerDay(context, 6_000))),
      });
      expect(await load.judge(context)).toEqual(NOTHING);
      expect(load.acknowledged.some((id) => former.includes(id))).toBe(true);
      await expect.poll(() => listFormerDays(context.store), { timeout: 60_000, interval: 200 }).toEqual([]);
      const { rows } = await context.store.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM message WHERE id = ANY($1) AND "offset" IS NOT NULL',
        [former],
      );
      expect(rows[0]?.count).toBe(former.length);
      expect(await recount(context.store, context.cluster.id)).toBe(0);
    },
  );

  it('for a whole minute loses no acknowledged fact and doubles none', { timeout: 300_000 }, async () => {
    const load = newLoad();
    const context = await stopUnderLoad(1, load, { awayMs: 60_000, paceMs: 250 });
    expect(await load.judge(context)).toEqual(NOTHING);
  });

  it('control: where the database answers before it has written, acknowledged facts are missing', async () => {
    const load = newLoad();
    const context = await stopUnderLoad(3, load, { prepare: (database) => database.answerBeforeWriting() });
    expect((await load.judge(context)).missing.length).toBeGreaterThan(0);
  });

  it('control: where a batch that is sent again has new ids, facts are doubled', async () => {
    const load = newLoad(false);
    const context = await stopUnderLoad(1, load);
    expect((await load.judge(context)).doubled.length).toBeGreaterThan(0);
  });
});

function newLoad(sameIdsAgain = true, there: readonly string[] = []): FactLoad {
  return new FactLoad(`stop-${randomBytes(3).toString('hex')}`, randomOf(3), sameIdsAgain, there);
}

/** Repeats the work until the signal is aborted; a failed run is followed by another one. */
async function goOn(signal: AbortSignal, paceMs: number, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
}
