import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { CourierError } from '@/lib/errors';
import { ROOT } from '@/lib/context/open-contexts';

const SOURCES = [
  'app',
  'components',
  'lib',
  'i18n',
  'messages',
  'next.config.mjs',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
  'package-lock.json',
];

/** Path of Next's own command; never through npx, which would leave the server behind when it is ended. */
const NEXT = path.join(ROOT, 'node_modules/next/dist/bin/next');

/** Builds the console where its sources changed since the last build, and shows that it goes on. */
export async function ensureBuild(say: (line: string) => void): Promise<void> {
  const mark = path.join(ROOT, '.next', 'courier-sources');
  const now = hashSources();
  if (
    fs.existsSync(path.join(ROOT, '.next', 'BUILD_ID')) &&
    fs.existsSync(mark) &&
    fs.readFileSync(mark, 'utf8') === now
  )
    return;
  const began = Date.now();
  say('Building the console, once (about a minute) ...');
  const timer = setInterval(
    () => say(`  still building, ${Math.round((Date.now() - began) / 1000)} s`),
    10_000,
  );
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  fs.writeFileSync(mark, now);
  say(`  built in ${Math.round((Date.now() - began) / 1000)} s`);
}

function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [NEXT, 'build'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    });
    let output = '';
    const keep = (bytes: Buffer) => (output = (output + bytes.toString()).slice(-4_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new CourierError('internal', `next build failed:\n${output}`)),
    );
  });
}

function hashSources(): string {
  const hash = createHash('sha256');
  const add = (file: string) => {
    const full = path.join(ROOT, file);
    if (!fs.existsSync(full)) return;
    if (fs.statSync(full).isDirectory()) {
      for (const name of fs.readdirSync(full).sort()) add(path.join(file, name));
    } else {
      hash.update(file).update(fs.readFileSync(full));
    }
  };
  SOURCES.forEach(add);
  return hash.digest('hex');
}
