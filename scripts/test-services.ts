// Runs one PostgreSQL and, where it can, one Apache Kafka for a whole test run. Prints their addresses to standard output
// and ends them when standard input ends.
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../lib/embedded-postgres/server';
import { addressesOf, startKafka, whyNoKafka } from '../lib/testing/kafka';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-test-'));
fs.chmodSync(folder, 0o755);
const postgres = await startEmbeddedPostgres(folder);
const reason = await whyNoKafka();
if (reason && process.env.CI) {
  console.error(`CI needs a real Kafka. ${reason}`);
  process.exitCode = 1;
}
const kafka = reason ? null : await startKafka();
console.log(
  JSON.stringify({
    postgres: postgres.url,
    whyNoKafka: reason,
    kafka: kafka && addressesOf(kafka),
  }),
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await kafka?.stop();
  await postgres.stop();
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit();
}
process.stdin.on('end', () => void stop()).resume();
process.on('SIGTERM', () => void stop());
