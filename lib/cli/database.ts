import * as fs from 'node:fs';
import path from 'node:path';
import type { Settings } from '@/lib/config';
import { startEmbeddedPostgres } from '@/lib/operations/store/embedded';

export interface OpenDatabase {
  url: string;
  /** Where the embedded PostgreSQL keeps its files; null for one of your own. */
  folder: string | null;
  stop(): Promise<void>;
}

/** The database of the settings; an embedded PostgreSQL is started where none is named, unless one of this folder runs. */
export async function openDatabase(settings: Settings): Promise<OpenDatabase> {
  const own = settings.COURIER_DATABASE_URL;
  if (own) return { url: own, folder: null, stop: () => Promise.resolve() };
  const file = path.resolve(settings.COURIER_DATA_DIR, 'running.json');
  const running = readRunning(file);
  // Another command of this folder, while `courier start` runs: use its database and leave it running.
  if (running) return { url: running.url, folder: null, stop: () => Promise.resolve() };
  const started = await startEmbeddedPostgres(settings.COURIER_DATA_DIR);
  fs.writeFileSync(file, JSON.stringify({ pid: process.pid, url: started.url }), { mode: 0o600 });
  return {
    url: started.url,
    folder: started.folder,
    async stop() {
      fs.rmSync(file, { force: true });
      await started.stop();
    },
  };
}

/** The process that holds this folder's database, or null where none lives. */
export function readRunning(file: string): { pid: number; url: string } | null {
  try {
    const running = JSON.parse(fs.readFileSync(file, 'utf8')) as { pid: number; url: string };
    process.kill(running.pid, 0);
    return running;
  } catch {
    return null;
  }
}
