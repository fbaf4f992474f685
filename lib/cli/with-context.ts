import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { isStoreUnreachable } from '@/lib/postgres';
import { closeContext, type Context } from '@/lib/context/context';
import { openContexts } from '@/lib/context/open-contexts';
import { openDatabase } from './database';

/**
 * Opens the store and the brokers for one local command and closes them after it. A database that is being started again
 * is waited for.
 * @param command its name, for others who find it running
 */
export async function withContexts<T>(
  command: string,
  work: (contexts: [Context, ...Context[]]) => Promise<T>,
): Promise<T> {
  const settings = readSettings();
  const database = await openDatabase(settings, { command, mayShare: true });
  try {
    const contexts = await openWhenThere(() => openContexts(settings, database.url, createLog('warn')));
    try {
      return await work(contexts);
    } finally {
      await closeContext(...contexts);
    }
  } finally {
    await database.stop();
  }
}

const THERE_WITHIN_MS = 30_000;

async function openWhenThere<T>(open: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + THERE_WITHIN_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isStoreUnreachable(error) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
