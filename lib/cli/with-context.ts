import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { closeContext, type Context } from '@/lib/operations/context';
import { openContexts } from '@/lib/operations/open-context';
import { openDatabase } from './database';

/** Opens the store and the brokers for one local command and closes them after it. */
export async function withContexts<T>(work: (contexts: [Context, ...Context[]]) => Promise<T>): Promise<T> {
  const settings = readSettings();
  const database = await openDatabase(settings);
  try {
    const contexts = await openContexts(settings, database.url, createLog('warn'));
    try {
      return await work(contexts);
    } finally {
      await closeContext(...contexts);
    }
  } finally {
    await database.stop();
  }
}
