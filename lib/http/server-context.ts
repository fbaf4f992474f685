import { readSettings } from '@/lib/config';
import { CourierError } from '@/lib/errors';
import { createLog } from '@/lib/log';
import { buildContext, type Context } from '@/lib/operations/context';

// Next loads route handlers as modules of their own; what must exist once per process hangs on globalThis.
const shared = globalThis as typeof globalThis & { courierContext?: Promise<Context> | undefined };

/** The context of this web process, opened at the first request; the supervisor has migrated the store before. */
export function serverContext(): Promise<Context> {
  if (!shared.courierContext) {
    shared.courierContext = open();
    // A store that was away at the first request must not be remembered as away.
    shared.courierContext.catch(() => (shared.courierContext = undefined));
  }
  return shared.courierContext;
}

async function open(): Promise<Context> {
  const settings = readSettings();
  const url = settings.COURIER_DATABASE_URL;
  if (!url) {
    throw new CourierError(
      'store_unreachable',
      'The web process needs COURIER_DATABASE_URL; `courier start` sets it.',
    );
  }
  return buildContext(settings, url, createLog(settings.COURIER_LOG_LEVEL, { process: 'web' }));
}
