import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { closeContext, type Context } from '@/lib/operations/context';
import { openContext } from '@/lib/operations/open-context';
import { openDatabase } from './database';

/** Opens the store and the broker for one local command and closes them after it. */
export async function withContext<T>(work: (context: Context) => Promise<T>): Promise<T> {
  const settings = readSettings();
  const database = await openDatabase(settings);
  try {
    const context = await openContext(settings, database.url, createLog('warn'));
    try {
      return await work(context);
    } finally {
      await closeContext(context);
    }
  } finally {
    await database.stop();
  }
}
