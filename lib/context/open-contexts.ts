import path from 'node:path';
import type { Settings } from '@/lib/config';
import type { Log } from '@/lib/log';
import { foldName } from '@/lib/domain/operators/name';
import { migrate } from '@/lib/store/schema/migrate';
import { foldOperatorNames } from '@/lib/store/operators/operators';
import { buildContexts, type Context } from './context';

/** Folder of the checkout. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * As `buildContexts`, after bringing the store to the newest schema. For processes that run from the checkout: the web's
 * bundle does not hold the migrations, and the supervisor migrates before it starts the web.
 */
export async function openContexts(
  settings: Settings,
  databaseUrl: string,
  log: Log,
): Promise<[Context, ...Context[]]> {
  await migrate(databaseUrl, path.join(ROOT, 'prisma/migrations'));
  const contexts = await buildContexts(settings, databaseUrl, log);
  await foldOperatorNames(contexts[0].store, foldName);
  return contexts;
}
