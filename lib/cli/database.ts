import path from 'node:path';
import type { Settings } from '@/lib/config';
import { startEmbeddedPostgres } from '@/lib/embedded-postgres/server';
import { CourierError } from '@/lib/errors';
import { askHolder, lockFolder } from './instance-lock';

export interface OpenDatabase {
  url: string;
  /** Where the embedded PostgreSQL keeps its files; null for one of your own. */
  folder: string | null;
  stop(): Promise<void>;
}

interface OpenOptions {
  /** What this process is, for others who find it running. */
  command: string;
  /** Whether the database of another Courier of this folder serves as well, as for a command beside `courier start`. */
  mayShare: boolean;
  /** Receives what happens to the embedded PostgreSQL. */
  say?: (sentence: string) => void;
}

const STARTING_MS = 60_000;

/**
 * The database of the settings; an embedded PostgreSQL is started where none is named.
 * @throws CourierError conflict where another process runs it and it may not be shared
 */
export async function openDatabase(settings: Settings, options: OpenOptions): Promise<OpenDatabase> {
  const own = settings.COURIER_DATABASE_URL;
  if (own) return { url: own, folder: null, stop: () => Promise.resolve() };
  const folder = path.resolve(settings.COURIER_DATA_DIR);
  if (options.mayShare) {
    const url = await sharedUrl(folder);
    if (url !== null) return { url, folder: null, stop: () => Promise.resolve() };
  }
  const lock = await lockFolder(folder, options.command);
  try {
    const started = await startEmbeddedPostgres(settings.COURIER_DATA_DIR, options.say);
    lock.publish(started.url);
    return {
      url: started.url,
      folder: started.folder,
      async stop() {
        await started.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Waits for the URL of the database that the holder of the folder runs; null if no process holds the folder. */
async function sharedUrl(folder: string): Promise<string | null> {
  const deadline = performance.now() + STARTING_MS;
  for (;;) {
    const holder = await askHolder(folder);
    if (holder === null) return null;
    if (holder === 'silent' || performance.now() > deadline) {
      throw new CourierError(
        'conflict',
        `A process runs Courier from ${folder} and does not say where its database is. Is it stopped by a signal? Continue or end it first.`,
      );
    }
    if (holder.url !== null) return holder.url;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
