import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from '../lib/embedded-postgres/ports';
import { round, type Row } from './bench';
import { startConsole, untilAnswers } from './console';
import { startStore } from './store';

const NEXT = path.resolve('node_modules/next/dist/bin/next');
const PAGES = [
  '/sign-in',
  '/overview',
  '/messages',
  '/topics',
  '/failures',
  '/retries',
  '/groups',
  '/settings',
  '/groups/x',
  '/topics/x',
  '/topics/x/0/0',
  '/messages/x',
  '/failures/x/y/z',
];

/** Gzipped JavaScript that a page asks for before it is usable, over that of an empty app on the same Next. */
export async function bench(): Promise<Row[]> {
  const floor = await emptyApp();
  const store = await startStore();
  const context = await store.open('web');
  const console_ = await startConsole(context, store.url('web'));
  try {
    const rows: Row[] = [];
    for (const page of PAGES) {
      const bytes = await scriptsOf(console_.url, page, console_.cookie);
      rows.push({
        what: page,
        courier: `${round(bytes / 1024, 0)} KiB`,
        against: `${round(floor / 1024, 0)} KiB (empty Next app)`,
        ratio: `${round(bytes / floor)}x`,
        goal: '<= 1.9x',
      });
    }
    return rows;
  } finally {
    console_.stop();
    await store.stop();
  }
}

async function emptyApp(): Promise<number> {
  // Inside the checkout, so that it finds the same packages.
  const folder = fs.mkdtempSync(path.resolve('bench/.empty-'));
  let web: ChildProcess | undefined;
  try {
    fs.mkdirSync(path.join(folder, 'app'));
    fs.writeFileSync(
      path.join(folder, 'app/layout.js'),
      'export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n',
    );
    fs.writeFileSync(
      path.join(folder, 'app/page.js'),
      'export default function Page() { return <p>empty</p>; }\n',
    );
    fs.writeFileSync(
      path.join(folder, 'next.config.mjs'),
      `export default { turbopack: { root: ${JSON.stringify(path.resolve('.'))} } };\n`,
    );
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true,"type":"module"}\n');
    execFileSync(process.execPath, [NEXT, 'build'], { cwd: folder, stdio: 'ignore' });
    const port = await freePort();
    web = spawn(process.execPath, [NEXT, 'start', '-p', String(port)], { cwd: folder, stdio: 'ignore' });
    await untilAnswers(`http://127.0.0.1:${port}/`);
    return await scriptsOf(`http://127.0.0.1:${port}`, '/', '');
  } finally {
    web?.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes of the scripts that the page's HTML names, each gzipped; those for old browsers alone are left out. */
async function scriptsOf(base: string, page: string, cookie: string): Promise<number> {
  const html = await (await fetch(base + page, { headers: { cookie } })).text();
  const tags = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)];
  const modern = tags.filter(([tag]) => !/nomodule/i.test(tag)).map(([, src]) => src ?? '');
  let bytes = 0;
  for (const src of new Set(modern)) {
    const script = Buffer.from(
      await (await fetch(new URL(src.replaceAll('&amp;', '&'), base))).arrayBuffer(),
    );
    bytes += gzipSync(script, { level: 9 }).length;
  }
  return bytes;
}
