import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '@/lib/embedded-postgres/server';
import { migrate } from '@/lib/store/schema/migrate';
import { onServer, TEMPLATE, withDatabase } from './database';
import { addressesOf, startKafka, whyNoKafka, type KafkaAddresses } from './kafka';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: string;
    /** Null where Apache Kafka can't run, with the reason in `whyNoKafka`. */
    kafka: KafkaAddresses | null;
    whyNoKafka: string;
  }
}

/** One PostgreSQL and one Apache Kafka for all integration tests of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_POSTGRES_URL;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-test-'));
  fs.chmodSync(folder, 0o755);
  const postgres = given ? null : await startEmbeddedPostgres(folder);
  const server = given ?? postgres?.url ?? '';
  await onServer(server, `DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await onServer(server, `CREATE DATABASE ${TEMPLATE}`);
  await migrate(withDatabase(server, TEMPLATE), path.resolve('prisma/migrations'));
  project.provide('postgres', server);

  const shared = process.env.TEST_KAFKA;
  const reason = shared ? process.env.TEST_WHY_NO_KAFKA || null : await whyNoKafka();
  if (reason && process.env.CI) throw new Error(`CI needs a real Kafka. ${reason}`);
  if (reason) console.warn(`Tests on Apache Kafka are skipped. ${reason}`);
  const own = shared || reason ? null : await startKafka();
  project.provide('kafka', shared ? (JSON.parse(shared) as KafkaAddresses | null) : own && addressesOf(own));
  project.provide('whyNoKafka', reason ?? '');

  return async () => {
    await own?.stop();
    await postgres?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  };
}
