import { readSettings } from '@/lib/config';
import { CourierError } from '@/lib/errors';
import { createLog } from '@/lib/log';
import { watchSchemaVersion } from '@/lib/store/schema/schema-version';
import { buildContexts, type Context } from '@/lib/context/context';

/** Deadline for a store that accepts connections but does not answer. */
const ANSWER_WITHIN_MS = 30_000;

// Next loads route handlers as modules of their own; what must exist once per process hangs on globalThis.
const shared = globalThis as typeof globalThis & {
  courierContexts?: Promise<[Context, ...Context[]]> | undefined;
};

/** The contexts of this web process, one for each cluster, opened at the first request; the supervisor has migrated the store before. */
export function serverContexts(): Promise<[Context, ...Context[]]> {
  if (!shared.courierContexts) {
    shared.courierContexts = open();
    // A store that was away at the first request must not be remembered as away.
    shared.courierContexts.catch(() => (shared.courierContexts = undefined));
  }
  return shared.courierContexts;
}

async function open(): Promise<[Context, ...Context[]]> {
  const settings = readSettings();
  const url = settings.COURIER_DATABASE_URL;
  if (!url) {
    throw new CourierError(
      'store_unreachable',
      'The web process needs COURIER_DATABASE_URL; `courier start` sets it.',
    );
  }
  const log = createLog(settings.COURIER_LOG_LEVEL, { process: 'web' });
  const end = (error: Error): never => {
    log.fatal(error.message);
    process.exit(1);
  };
  const contexts = await buildContexts(settings, url, log, { query_timeout: ANSWER_WITHIN_MS }).catch(
    (error: unknown) => {
      throw error instanceof CourierError && error.code === 'schema_newer' ? end(error) : error;
    },
  );
  watchSchemaVersion(contexts[0].store, end);
  return contexts;
}
