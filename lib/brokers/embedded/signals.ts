import type { Pool } from 'pg';
import { listenTo } from '@/lib/postgres';

const CHANNEL = 'courier_embedded';
/** PostgreSQL takes payloads of less than 8,000 bytes. */
const MAX_PAYLOAD_BYTES = 7_000;
/** Notifications of one process are gathered for this long, since each commit of one takes a lock of the whole database. */
const GATHER_MS = 25;

/** What a consumer waits for: records of a topic, or another generation of its group. */
export type SignalKey = `topic ${string}` | `group ${string}`;

/**
 * Wakes waiting consumers in every process when records were appended or the members of a group changed. A signal is a
 * hint and may be lost, so a waiting caller also reads when its wait is over.
 */
export class Signals {
  private readonly waiters = new Map<SignalKey, Set<(key: SignalKey) => void>>();
  private readonly pending = new Set<SignalKey>();
  private timer: NodeJS.Timeout | undefined;
  /** Whether notifications of other processes arrive; without them waiting consumers poll more often. */
  isListening = false;

  constructor(private readonly pool: Pool) {}

  /** Wakes those who wait in this process at once, and those of other processes soon after. */
  raise(keys: readonly SignalKey[]): void {
    for (const key of keys) {
      this.wake(key);
      this.pending.add(key);
    }
    this.timer ??= setTimeout(() => void this.notify(), GATHER_MS).unref();
  }

  /**
   * Waits for the first signal of any key.
   * @param milliseconds the longest wait
   * @param signal ends the wait early
   * @returns the key, or null when the time was over or the signal aborted
   */
  wait(keys: readonly SignalKey[], milliseconds: number, signal?: AbortSignal): Promise<SignalKey | null> {
    return new Promise((resolve) => {
      const done = (key: SignalKey | null): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        for (const waited of keys) {
          const set = this.waiters.get(waited);
          set?.delete(done);
          if (set?.size === 0) this.waiters.delete(waited);
        }
        resolve(key);
      };
      const stop = (): void => done(null);
      const timer = setTimeout(stop, milliseconds);
      if (signal?.aborted) {
        stop();
        return;
      }
      signal?.addEventListener('abort', stop);
      for (const key of keys) {
        const set = this.waiters.get(key) ?? new Set();
        this.waiters.set(key, set.add(done));
      }
    });
  }

  /** Listens to other processes until the signal aborts. */
  async listen(databaseUrl: string, signal: AbortSignal): Promise<void> {
    const onListening = (): void => {
      this.isListening = true;
      // What was signalled while there was no connection is found by looking.
      for (const key of [...this.waiters.keys()]) this.wake(key);
    };
    await listenTo(databaseUrl, CHANNEL, (payload) => this.receive(payload), signal, onListening);
    this.isListening = false;
  }

  private wake(key: SignalKey): void {
    for (const done of [...(this.waiters.get(key) ?? [])]) done(key);
  }

  private receive(payload: string): void {
    for (const key of payload.split('\n')) this.wake(key as SignalKey);
  }

  private async notify(): Promise<void> {
    this.timer = undefined;
    const keys = [...this.pending];
    this.pending.clear();
    const payloads: string[] = [];
    let payload = '';
    for (const key of keys) {
      const next = payload ? `${payload}\n${key}` : key;
      if (Buffer.byteLength(next) > MAX_PAYLOAD_BYTES) {
        payloads.push(payload);
        payload = key;
      } else payload = next;
    }
    if (payload) payloads.push(payload);
    await this.pool
      .query({
        name: 'embedded-notify',
        text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
        values: [CHANNEL, payloads],
      })
      // Consumers of other processes find the records when their wait is over.
      .catch(() => undefined);
  }
}
