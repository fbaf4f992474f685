// A Courier in a process of its own, for the referee: prints its list of groups for each line that it reads.
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '@/lib/embedded-postgres/server';
import { listGroups } from '@/lib/operations/groups/list';
import { migrate } from '@/lib/store/schema/migrate';
import { startCourier } from '@/lib/testing/courier';
import { onServer, TEMPLATE, withDatabase } from '@/lib/testing/database';

const [kafka = ''] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-referee-'));
fs.chmodSync(folder, 0o755);
// Of its own, because each Courier migrates the template of its test databases.
const postgres = await startEmbeddedPostgres(folder);
await onServer(postgres.url, `CREATE DATABASE ${TEMPLATE}`);
await migrate(withDatabase(postgres.url, TEMPLATE), path.resolve('prisma/migrations'));
const settings = { COURIER_SAMPLE_SECONDS: '3', COURIER_LOG_LEVEL: 'silent' };
const courier = await startCourier(postgres.url, kafka, settings);
console.log('ready');
const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  void listGroups.call(courier.context, courier.operator, {}).then(({ groups }) => {
    console.log(JSON.stringify(groups));
  });
});
lines.on('close', () => void stop());

async function stop(): Promise<void> {
  await courier.stop();
  await postgres.stop();
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
