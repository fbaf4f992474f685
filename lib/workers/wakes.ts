import { Client } from 'pg';
import { WAKE_CHANNEL } from '@/lib/operations/workers/try-now';
import { pause } from './pause';

const LISTEN_AGAIN_MS = 2_000;

/** Signals that end the waiting of a cluster's workers when a person asks for it; see `tryNow`. */
export class Wakes {
  private readonly waits = new Map<string, AbortController>();

  /** Aborts at the next wake of the cluster. */
  of(cluster: string): AbortSignal {
    let wait = this.waits.get(cluster);
    if (!wait) this.waits.set(cluster, (wait = new AbortController()));
    return wait.signal;
  }

  /** Listens until the signal aborts. While the store does not answer nobody is woken: waiting goes on as it does. */
  async listen(databaseUrl: string, signal: AbortSignal): Promise<void> {
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
      client.on('notification', ({ payload }) => this.wake(payload ?? ''));
      try {
        await client.connect();
        await client.query(`LISTEN ${WAKE_CHANNEL}`);
        await ended;
      } catch {
        // It is tried again below; what matters about an absent store is said by all that need it.
      }
      signal.removeEventListener('abort', end);
      await client.end().catch(() => undefined);
      await pause(LISTEN_AGAIN_MS, signal);
    }
  }

  private wake(cluster: string): void {
    this.waits.get(cluster)?.abort();
    this.waits.delete(cluster);
  }
}
