import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';

export type { Pool, PoolClient };
/** A pool or one connection of it. */
export type Queryable = Pick<PoolClient, 'query'>;

/**
 * A pool of connections to the tracking store.
 * @param onError receives the errors of connections that break while idle; without a listener they would end the process
 */
export function createPool(
  url: string,
  size: number,
  onError: (error: Error) => void,
  more: PoolConfig = {},
): Pool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 10_000,
    // A connection that is never idle gives back what its prepared statements hold.
    maxLifetimeSeconds: 1_800,
    // Lookups name their partition themselves; a generic plan spares the planning of each partitioned query.
    // Lists are read in the order of an index until a page is full. A generic plan takes their filters for narrow ones, and
    // would collect and sort what it reads in a moment; without bitmaps only the index is left.
    // A transaction of a process that was stopped must not hold its locks for ever.
    options:
      '-c plan_cache_mode=force_generic_plan -c enable_bitmapscan=off -c timezone=UTC -c idle_in_transaction_session_timeout=60000',
    ...more,
  });
  pool.on('error', onError);
  // A connection that breaks between two owners, or while one has taken its listener off, must not end the process: the
  // next query on it fails, and the pool drops it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs work in one transaction and rolls it back whole when anything throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that dies between two queries reports it here and in the next query; here it must only not crash.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((reason: unknown) => {
      broken = reason instanceof Error ? reason : new Error(String(reason));
    });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/** Whether an error means that PostgreSQL could not be reached, as opposed to a query it refused. */
export function isStoreUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|57P0|08)/.test(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isStoreUnreachable);
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/.test(
    error.message,
  );
}

/** Whether an error means that PostgreSQL refuses these values at every attempt (SQLSTATE classes 22 and 23). */
export function isRefusedByStore(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

const LISTEN_AGAIN_MS = 2_000;

/**
 * Listens on a channel of PostgreSQL over a connection of its own until the signal aborts, and connects again after a
 * broken connection. Notifications in between are lost, so every listener also polls at intervals.
 * @param onNotification receives each payload
 * @param onListening called whenever the connection has been made
 */
export async function listenTo(
  databaseUrl: string,
  channel: string,
  onNotification: (payload: string) => void,
  signal: AbortSignal,
  onListening: () => void = () => undefined,
): Promise<void> {
  while (!signal.aborted) {
    const client = new Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    client.on('error', end);
    client.on('end', end);
    signal.addEventListener('abort', end);
    client.on('notification', ({ payload }) => onNotification(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      onListening();
      await ended;
    } catch {
      // The loop tries again; workers report an absent store themselves.
    }
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS).unref());
  }
}
