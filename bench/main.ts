// npm run bench -- <name> [...]: measures against the thing that would be used instead, both in one run, prints both
// and the ratio, and writes a row into bench/results.md.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bench, Row } from './bench';

const BENCHES: Record<string, () => Promise<{ bench: Bench }>> = {
  ingest: () => import('./ingest'),
  lookup: () => import('./lookup'),
  find: () => import('./find'),
  size: () => import('./size'),
  scale: () => import('./scale'),
  api: () => import('./api'),
  idle: () => import('./idle'),
  'intake-idle': () => import('./intake-idle'),
  episodes: () => import('./episodes'),
  'lag-store': () => import('./lag-store'),
  'lag-sweep': () => import('./lag-sweep'),
  'first-load': () => import('./first-load'),
  demo: () => import('./demo'),
  soak: () => import('./soak'),
};
const FILE = path.resolve('bench/results.md');

const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !(name in BENCHES));
if (names.length === 0 || unknown.length > 0) {
  console.error(`npm run bench -- <name>, one or more of: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
for (const name of names) {
  console.log(`\n== ${name}`);
  const { bench } = (await BENCHES[name]?.()) ?? {};
  const rows = (await bench?.()) ?? [];
  for (const row of rows)
    console.log(`${row.what}: ${row.courier} against ${row.against}; ${row.ratio}, goal ${row.goal}`);
  append(name, rows);
}
process.exit(0);

function append(name: string, rows: Row[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const machine = `${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const day = new Date().toISOString().slice(0, 10);
  const lines = rows.map(
    (row) =>
      `| ${name} | ${row.what} | ${row.courier} | ${row.against} | ${row.ratio} | ${row.goal} | ${day} | ${commit} | ${machine} |\n`,
  );
  fs.appendFileSync(FILE, lines.join(''));
}
