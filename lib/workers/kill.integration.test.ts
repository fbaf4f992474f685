import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Context } from '@/lib/operations/context';
import type { Fact, FactBatch } from '@/lib/protocol/fact';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { rebuild } from '@/lib/store/facts/rebuild';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId, seeded } from '@/lib/testing/facts';
import { endProcess } from '@/lib/testing/kafka';

const KILLS = 20;
const BATCHES_BETWEEN = 4;
const MESSAGES_A_BATCH = 20;

describe('a collector that is killed', () => {
  const kafka = inject('kafka');
  let database: TestDatabase;
  let context: Context;
  let worker: ChildProcess | undefined;
  const group = `kill-${randomBytes(3).toString('hex')}`;

  const environment = () => ({
    COURIER_DATABASE_URL: database.url,
    COURIER_BROKERS: kafka ? `kafka://${kafka.address}` : 'embedded:',
    COURIER_INTAKE_PORT: '0',
    COURIER_WORKER_PORT: '0',
    COURIER_LOG_LEVEL: 'error',
  });

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings(environment()), database.url, createLog('error'));
    await context.broker.createTopics([{ name: FACTS_TOPIC, partitions: 3 }]);
  });
  afterAll(async () => {
    if (worker) await endProcess(worker);
    await closeContext(context);
    await database.drop();
  });

  async function startWorker(): Promise<ChildProcess> {
    const child = fork('bin/courier.mjs', ['worker'], {
      env: { ...process.env, ...environment() },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code ?? 'a signal'}`)));
    });
    return child;
  }

  async function publish(batch: number): Promise<Fact[]> {
    const facts = Array.from({ length: MESSAGES_A_BATCH }, () => {
      const messageId = newId();
      const at = { at: new Date().toISOString() };
      return [
        makeFact('committed', messageId, 0, { ...at, message: { topic: 'kill', type: 'T' } }),
        makeFact('handle_failed', messageId, 0, {
          ...at,
          group,
          attempt: 1,
          error: { type: 'E', message: 'm' },
        }),
        makeFact('handled', messageId, 0, { ...at, group, attempt: 2 }),
      ];
    }).flat();
    const value: FactBatch = { v: 1, service: 'test', host: 'test', facts };
    const [answer] = await context.broker.publish([
      {
        topic: FACTS_TOPIC,
        partition: batch % 3,
        key: null,
        value: Buffer.from(JSON.stringify(value)),
        headers: [],
      },
    ]);
    expect(answer?.outcome).toBe('acknowledged');
    return facts;
  }

  it(`${KILLS} times under load loses no row and doubles none`, { timeout: 240_000 }, async () => {
    const random = seeded(42);
    const sent: Fact[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      worker = await startWorker();
      for (let batch = 0; batch < BATCHES_BETWEEN; batch += 1) {
        sent.push(...(await publish(kill * BATCHES_BETWEEN + batch)));
        // Anywhere between before the batch is read and after it is written.
        if (batch === BATCHES_BETWEEN - 1)
          await new Promise((resolve) => setTimeout(resolve, random() * 120));
      }
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      worker.kill('SIGKILL');
      await ended;
    }
    worker = await startWorker();
    const ids = [...new Set(sent.map((fact) => fact.messageId))];
    const count = async (sql: string) =>
      Number((await context.store.query<{ n: string }>(sql, [ids])).rows[0]?.n);
    await expect
      .poll(() => count('SELECT count(*) AS n FROM fact WHERE message_id = ANY($1)'), {
        timeout: 60_000,
        interval: 200,
      })
      .toBe(sent.length);
    expect(await count('SELECT count(*) AS n FROM message WHERE id = ANY($1)')).toBe(ids.length);
    expect(
      await count(
        "SELECT count(*) AS n FROM delivery WHERE message_id = ANY($1) AND status = 'HANDLED' AND attempts = 2 AND handled_count = 1",
      ),
    ).toBe(ids.length);
    const rebuilt = await rebuild(context.store, context.catalog, () => undefined);
    expect(rebuilt.differed.filter((id) => ids.includes(id))).toEqual([]);
  });
});
