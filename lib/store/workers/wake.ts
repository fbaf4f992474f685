import type { Queryable } from '@/lib/postgres';

/** The channel of PostgreSQL that notifies workers to stop waiting; the payload is a cluster's name. */
export const WAKE_CHANNEL = 'courier_wake';

/** Notifies the workers of a cluster, in whichever process they run, once the transaction is committed. */
export async function notifyWorkers(store: Queryable, cluster: string): Promise<void> {
  await store.query({
    name: 'notify-workers',
    text: 'SELECT pg_notify($1, $2)',
    values: [WAKE_CHANNEL, cluster],
  });
}
