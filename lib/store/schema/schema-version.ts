import { CourierError } from '@/lib/errors';
import type { Queryable } from '@/lib/postgres';

/** Name of the newest migration of this release; a test compares it with prisma/migrations. */
export const SCHEMA_VERSION = '20261207100000_episodes';

/**
 * Checks that the store has the schema of this release.
 * @throws CourierError schema_newer where a newer Courier migrated it, schema_older where it was not migrated yet
 */
export async function checkSchemaVersion(store: Queryable): Promise<void> {
  const { rows } = await store.query<{ newest: string | null }>(
    'SELECT max(migration_name) AS newest FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const newest = rows[0]?.newest ?? '';
  if (newest === SCHEMA_VERSION) return;
  throw new CourierError(
    newest > SCHEMA_VERSION ? 'schema_newer' : 'schema_older',
    newest > SCHEMA_VERSION
      ? `The tracking store was migrated by a newer Courier (${newest}; this one knows ${SCHEMA_VERSION}). Start the newer release: there is no way back, except for a backup.`
      : `The tracking store has the schema ${newest || 'of no release'}, and this Courier needs ${SCHEMA_VERSION}. Start a worker or \`courier start\` of this release first: they migrate it.`,
  );
}

const LOOK_EVERY_MS = 10_000;

/**
 * Checks every ten seconds whether a newer Courier has migrated the store, since an old process would write rows that the
 * new schema does not expect.
 * @param onNewer called once with the error schema_newer
 * @returns a function that stops the checks
 */
export function watchSchemaVersion(store: Queryable, onNewer: (error: CourierError) => void): () => void {
  const timer = setInterval(() => {
    checkSchemaVersion(store).catch((error: unknown) => {
      // Every user of the store reports by itself that the store does not answer.
      if (!(error instanceof CourierError) || error.code !== 'schema_newer') return;
      clearInterval(timer);
      onNewer(error);
    });
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
