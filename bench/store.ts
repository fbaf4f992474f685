import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { readSettings } from '../lib/config';
import { createLog } from '../lib/log';
import { closeContext, type Context } from '../lib/context/context';
import { openContexts } from '../lib/context/open-contexts';
import { startEmbeddedPostgres } from '../lib/embedded-postgres/server';

export interface BenchStore {
  /** Opens a database of its own with Courier's schema. */
  open(name: string, settings?: Record<string, string>): Promise<Context>;
  url(name: string): string;
  stop(): Promise<void>;
}

/** A PostgreSQL for one bench, as the embedded one of Courier. */
export async function startStore(): Promise<BenchStore> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-bench-'));
  fs.chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const open: Context[] = [];
  const url = (name: string) => {
    const address = new URL(postgres.url);
    address.pathname = `/${name}`;
    return address.href;
  };
  return {
    url,
    async open(name, settings = {}) {
      const admin = new Client({ connectionString: postgres.url });
      await admin.connect();
      await admin.query(`CREATE DATABASE ${name}`);
      await admin.end();
      const [context] = await openContexts(readSettings(settings), url(name), createLog('error'));
      open.push(context);
      return context;
    },
    async stop() {
      await Promise.all(open.map((context) => closeContext(context)));
      await postgres.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
