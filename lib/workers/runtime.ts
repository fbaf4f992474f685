import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { Client } from 'pg';
import type { Context } from '@/lib/context/context';
import type { HeartbeatDetail, WorkerDetails, WorkerName, WorkerState } from '@/lib/domain/workers/worker';
import { writeHeartbeats } from '@/lib/store/workers/heartbeats';
import { CourierError, sentenceOf } from '@/lib/errors';
import { storeErrorOf } from '@/lib/store-errors';
import { sourceDelay, sourceUnread } from './metrics';
import { pause } from './pause';
import { Wakes } from './wakes';

/** Background work that the runtime keeps running. */
interface Work {
  name: string;
  observes?: true;
  /** Works until the signal aborts; what it throws is logged and tried again after a while. */
  run(context: Context, signal: AbortSignal, report: (detail: object) => void): Promise<void>;
}

/**
 * One kind of background work: for each cluster, or for the store once. At most one process does it at a time, by an
 * advisory lock of PostgreSQL.
 */
export interface Worker<Name extends WorkerName> {
  name: Name;
  per: 'cluster' | 'store';
  /** Whether it reads the broker: while it fails, pages may miss something. */
  observes?: true;
  /** Works until the signal aborts; what it throws is logged and tried again after a while. */
  run(context: Context, signal: AbortSignal, report: (detail: WorkerDetails[Name]) => void): Promise<void>;
}
export type AnyWorker = { [Name in WorkerName]: Worker<Name> }[WorkerName];

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 15_000;
const BEAT_EVERY_MS = 5_000;
const ASK_FOR_LOCK_EVERY_MS = 2_000;

/** The state of a worker in this process, for its heartbeat and `/readyz`. */
export interface RunningWorker {
  name: string;
  cluster: string;
  state: WorkerState;
  detail: HeartbeatDetail;
}

function observed({ observes }: Work): HeartbeatDetail {
  return observes ? { observes } : {};
}

/** Runs workers until stopped: locks, restart with backoff, heartbeats. */
export class Runtime {
  private readonly abort = new AbortController();
  private readonly startedAt = new Date();
  private readonly wakes = new Wakes();
  readonly workers: RunningWorker[] = [];
  private loops: Promise<void>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private context: Context | undefined;

  constructor(private readonly databaseUrl: string) {
    // Each worker of each cluster waits for it.
    setMaxListeners(0, this.abort.signal);
  }

  /** Starts workers of one cluster. */
  start(context: Context, workers: readonly Work[]): void {
    for (const worker of workers) {
      const running: RunningWorker = {
        name: worker.name,
        cluster: context.cluster.name,
        state: 'starting',
        detail: observed(worker),
      };
      this.workers.push(running);
      this.loops.push(this.keepRunning(context, worker, running));
    }
    // The store is the same for all clusters.
    if (!this.context) this.loops.push(this.wakes.listen(this.databaseUrl, this.abort.signal));
    this.context ??= context;
    this.timer ??= setInterval(() => void this.beat(), BEAT_EVERY_MS);
    void this.beat();
  }

  /** Stops all workers and waits for them without a limit. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.abort.abort();
    await Promise.allSettled(this.loops);
  }

  /** Writes heartbeats with the state `stopped`. */
  async writeStopped(): Promise<void> {
    for (const worker of this.workers) worker.state = 'stopped';
    await this.beat();
  }

  private async keepRunning(context: Context, worker: Work, running: RunningWorker): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    const trouble: { since: string | null } = { since: null };
    while (!this.abort.signal.aborted) {
      const began = Date.now();
      try {
        const isWell = () => (trouble.since = null);
        await this.runLocked(context, worker, running, isWell);
      } catch (error) {
        if (this.abort.signal.aborted) return;
        running.state = 'failing';
        const known = error instanceof CourierError ? error : storeErrorOf(error);
        trouble.since ??= new Date().toISOString();
        running.detail = {
          ...running.detail,
          error: sentenceOf(known ?? error),
          code: known?.code ?? 'internal',
          since: trouble.since,
          againAt: new Date(Date.now() + backoff).toISOString(),
        };
        const { name: cluster } = context.cluster;
        context.log.warn({ worker: worker.name, cluster, err: error, againInMs: backoff }, 'worker failed');
      }
      if (Date.now() - began > 60_000) backoff = FIRST_BACKOFF_MS;
      const woken = this.wakes.of(context.cluster.name);
      await pause(backoff, this.abort.signal, woken);
      backoff = woken.aborted ? FIRST_BACKOFF_MS : Math.min(backoff * 2, MAX_BACKOFF_MS);
    }
  }

  private async runOnce(
    context: Context,
    worker: Work,
    running: RunningWorker,
    signal: AbortSignal,
    isWell: () => void,
  ): Promise<void> {
    // A worker counts as recovered after its first successful report, not after its restart.
    if (running.state !== 'failing') running.state = 'running';
    const of = { cluster: context.cluster.name, source: worker.name };
    try {
      await worker.run(context, signal, (detail: HeartbeatDetail) => {
        running.detail = { ...observed(worker), ...detail, goodAt: new Date().toISOString() };
        running.state = 'running';
        if (detail.unread !== undefined) sourceUnread.set(of, detail.unread);
        if (detail.delayMs !== undefined) sourceDelay.set(of, detail.delayMs / 1_000);
        isWell();
      });
    } finally {
      // How far it is behind is not known while it does not run.
      sourceUnread.remove(of);
      sourceDelay.remove(of);
    }
  }

  private async runLocked(
    context: Context,
    worker: Work,
    running: RunningWorker,
    isWell: () => void,
  ): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    // The lock ends with its connection, so the work must stop too.
    const ended = new AbortController();
    const end = (): void => ended.abort();
    client.on('error', end);
    client.on('end', end);
    this.abort.signal.addEventListener('abort', end);
    await client.connect();
    try {
      for (;;) {
        const { rows } = await client.query<{ mine: boolean }>(
          'SELECT pg_try_advisory_lock(hashtext($1)) AS mine',
          [`courier ${context.cluster.name} ${worker.name}`],
        );
        if (rows[0]?.mine) break;
        running.state = 'standby';
        running.detail = {};
        await pause(ASK_FOR_LOCK_EVERY_MS, this.abort.signal);
        if (this.abort.signal.aborted) return;
      }
      await this.runOnce(context, worker, running, ended.signal, isWell);
    } finally {
      this.abort.signal.removeEventListener('abort', end);
      await client.end().catch(() => undefined);
    }
  }

  private async beat(): Promise<void> {
    // In a container the process id is always 1, so the host name identifies the process.
    const name = `${hostname()}:${process.pid}`;
    const { context } = this;
    if (!context) return;
    await writeHeartbeats(context.store, this.workers, {
      process: name,
      host: hostname(),
      startedAt: this.startedAt,
    }).catch((error: unknown) => {
      context.log.warn({ err: error }, 'the heartbeat could not be written');
    });
  }
}
