import type { Server } from 'node:http';
import { closeContext, type Context } from '@/lib/context/context';
import { runHousekeeping } from '@/lib/engine/retention/housekeeping';
import { watchSchemaVersion } from '@/lib/store/schema/schema-version';
import { createHealthServer } from './health';
import { Intake } from './intake/server';
import { WORKERS } from './registry';
import { Runtime } from './runtime';

export interface RunningWorkers {
  intakePort: number;
  workerPort: number;
  /** Drains for up to 30 s. @returns false when something did not stop in time */
  stop(): Promise<boolean>;
}

const DRAIN_MS = 30_000;

/**
 * Starts the intake and all workers of a process: those of each cluster, and those of the store once.
 * @param onNewerSchema called when a newer Courier has migrated the store, after which this process must end
 */
export async function startWorkers(
  contexts: [Context, ...Context[]],
  databaseUrl: string,
  onNewerSchema: (error: Error) => void = () => undefined,
): Promise<RunningWorkers> {
  const [first] = contexts;
  const { settings } = first;
  // Partitions first: what arrives before would have to be moved.
  await runHousekeeping(first);
  const intake = new Intake(contexts, { bodyTimeoutMs: settings.COURIER_INTAKE_BODY_SECONDS * 1000 });
  const listening = new AbortController();
  const signals = contexts.flatMap(
    ({ broker }) => broker.capabilities.serviceAccess?.listen(databaseUrl, listening.signal) ?? [],
  );
  const intakePort = await intake.listen(settings.COURIER_HOST, settings.COURIER_INTAKE_PORT);
  const runtime = new Runtime(databaseUrl);
  for (const context of contexts)
    runtime.start(
      context,
      WORKERS.filter(({ per }) => per === 'cluster'),
    );
  runtime.start(
    first,
    WORKERS.filter(({ per }) => per === 'store'),
  );
  const stopWatching = watchSchemaVersion(first.store, onNewerSchema);
  const health = createHealthServer(first, runtime.workers, intake);
  const workerPort = await listen(health, settings.COURIER_HOST, settings.COURIER_WORKER_PORT);
  return {
    intakePort,
    workerPort,
    async stop() {
      stopWatching();
      const drained = await within(DRAIN_MS, Promise.all([intake.close(), runtime.stop()]));
      listening.abort();
      await Promise.all(signals);
      await runtime.writeStopped();
      health.close();
      health.closeAllConnections();
      // A pool closes when all its connections are returned. Work that did not stop in time is not waited for twice.
      if (drained) await closeContext(...contexts);
      return drained;
    },
  };
}

/** Whether work ends in time. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
