import { Pool, type PoolClient, type PoolConfig } from 'pg';

export type { Pool, PoolClient };
/** A pool or one connection of it. */
export type Queryable = Pick<PoolClient, 'query'>;

/**
 * A pool of connections to the tracking store.
 * @param onError told of connections that break while idle; without a listener they would end the process
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
    // Lookups name their partition themselves; a generic plan spares the planning of each partitioned query.
    options: '-c plan_cache_mode=force_generic_plan -c timezone=UTC',
    ...more,
  });
  pool.on('error', onError);
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

/** Whether an error says that PostgreSQL could not be reached, as opposed to a query it refused. */
export function isStoreUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|57P0|08)/.test(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isStoreUnreachable);
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
    error.message,
  );
}

/** Whether an error says that PostgreSQL will not take these values however often it is asked (SQLSTATE classes 22 and 23). */
export function isRefusedByStore(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}
