import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createOperator } from '../lib/operations/operators/create';
import { SYSTEM } from '../lib/operations/context';
import { freePort } from '../lib/store/embedded-postgres';
import { round, type Row } from './bench';
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
];
const PASS_PHRASE = 'bench-otter-quartz-fern-willow-41';

/** Gzipped JavaScript that a page asks for before it is usable, over that of an empty app on the same Next. */
export async function bench(): Promise<Row[]> {
  const floor = await emptyApp();
  const store = await startStore();
  let web: ChildProcess | undefined;
  try {
    const context = await store.open('web');
    await createOperator.call(context, SYSTEM, { name: 'bench', password: PASS_PHRASE });
    const port = await freePort();
    web = spawn(process.execPath, [NEXT, 'start', '-p', String(port)], {
      stdio: 'ignore',
      env: { ...process.env, NODE_ENV: 'production', COURIER_DATABASE_URL: store.url('web') },
    });
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/sign-in`);
    const session = await fetch(`${base}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'bench', password: PASS_PHRASE }),
    });
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
    const rows: Row[] = [];
    for (const page of PAGES) {
      const bytes = await scriptsOf(base, page, cookie);
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
    web?.kill('SIGKILL');
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
    await answers(`http://127.0.0.1:${port}/`);
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

async function answers(url: string): Promise<void> {
  for (let waited = 0; waited < 300; waited += 1) {
    if ((await fetch(url).catch(() => null))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}
