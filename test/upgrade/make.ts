// Keeps a release for those that come after it: fills a database by this checkout, exports it and writes its figures.
//   tsx test/upgrade/make.ts release-0.2
// The data contains stack traces and host names: run it in a checkout at /srv/courier, on a host with a neutral name.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContexts, closeContext } from '@/lib/context/context';
import { openContexts } from '@/lib/context/open-contexts';
import { startEmbeddedPostgres } from '@/lib/embedded-postgres/server';
import { exportDatabase } from './export';
import { figuresOf } from './figures';
import { operatorActor, doBusiness, leaveUncollected, makeCredentials } from './fill';
import { leaveOpen } from './open-retries';
import type { Expected } from './release';

const name = process.argv[2];
if (!name) throw new Error('Name the folder: tsx test/upgrade/make.ts release-0.2');
const folder = path.resolve('test/upgrade', name);
mkdirSync(folder, { recursive: true });
const write = async (file: string, content: unknown) => {
  const where = path.join(folder, file);
  const style = { ...(await resolveConfig(where)), filepath: where };
  writeFileSync(where, await format(JSON.stringify(content, null, 2), style));
};

const data = mkdtempSync(path.join(os.tmpdir(), 'courier-release-'));
chmodSync(data, 0o755);
const postgres = await startEmbeddedPostgres(data);
try {
  const settings = readSettings({
    COURIER_INTAKE_PORT: '0',
    COURIER_WORKER_PORT: '0',
    COURIER_SAMPLE_SECONDS: '3',
    COURIER_SESSION_HOURS: '168',
    COURIER_LOG_LEVEL: 'warn',
  });
  const log = createLog(settings.COURIER_LOG_LEVEL);
  const contexts = await openContexts(settings, postgres.url, log);
  const credentials = await makeCredentials(contexts[0]);
  await write('credentials.json', credentials);
  const tokenOf = (service: string) =>
    credentials.tokens.find((token) => token.name === service)?.token ?? '';
  await doBusiness(contexts, postgres.url, tokenOf);

  const [context] = await buildContexts(settings, postgres.url, log);
  const admin = await operatorActor(context, 'admin');
  const retries = await leaveOpen(context, admin);
  const uncollected = await leaveUncollected(context, admin);
  const figures = await figuresOf(context, admin);
  await write('expected.json', { figures, retries, uncollected } satisfies Expected);
  await closeContext(context);
  await exportDatabase(postgres.url, path.join(folder, 'database.gz'));
} finally {
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
}

await build({
  entryPoints: ['lib/sdk/index.ts'],
  outfile: path.join(folder, 'sdk.mjs'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
