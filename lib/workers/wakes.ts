import { WAKE_CHANNEL } from '@/lib/store/workers/wake';
import { listenTo } from '@/lib/postgres';

/** Signals that end the waiting of a cluster's workers when a person asks for it; see `tryNow`. */
export class Wakes {
  private readonly waits = new Map<string, AbortController>();

  /** Aborts at the next wake of the cluster. */
  of(cluster: string): AbortSignal {
    let wait = this.waits.get(cluster);
    if (!wait) this.waits.set(cluster, (wait = new AbortController()));
    return wait.signal;
  }

  /** Listens until the signal aborts. While the store does not answer, no worker wakes early. */
  listen(databaseUrl: string, signal: AbortSignal): Promise<void> {
    return listenTo(databaseUrl, WAKE_CHANNEL, (cluster) => this.wake(cluster), signal);
  }

  private wake(cluster: string): void {
    this.waits.get(cluster)?.abort();
    this.waits.delete(cluster);
  }
}
