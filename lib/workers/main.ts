import type { Server } from 'node:http';
import { EmbeddedBroker } from '@/lib/brokers/embedded/adapter';
import { EmbeddedGroups } from '@/lib/brokers/embedded/groups';
import { closeContext, type Context } from '@/lib/operations/context';
import { keepHouse } from '@/lib/operations/store/keep-house';
import { collector } from './collector';
import { deadLetterIndex } from './dead-letter-index';
import { deadlines } from './deadlines';
import { createHealthServer } from './health';
import { housekeeping } from './housekeeping';
import { Intake } from './intake';
import { lagSampler } from './lag-sampler';
import { retrySender } from './retry-sender';
import { Runtime } from './runtime';

export interface RunningWorkers {
  intakePort: number;
  workerPort: number;
  /** Drains for up to 30 s. @returns false when something did not stop in time */
  stop(): Promise<boolean>;
}

const DRAIN_MS = 30_000;

/** Starts the intake and all workers of a process. */
export async function startWorkers(context: Context, databaseUrl: string): Promise<RunningWorkers> {
  const { settings } = context;
  // Partitions first: what arrives before would have to be moved.
  await keepHouse(context);
  const embedded =
    context.broker instanceof EmbeddedBroker ? new EmbeddedGroups(context.store, context.broker) : null;
  const intake = new Intake(context, embedded);
  const intakePort = await intake.listen(settings.COURIER_HOST, settings.COURIER_INTAKE_PORT);
  const runtime = new Runtime(context, databaseUrl);
  runtime.start([collector, deadLetterIndex, lagSampler, retrySender, deadlines, housekeeping]);
  const health = createHealthServer(context, runtime.workers);
  const workerPort = await listen(health, settings.COURIER_HOST, settings.COURIER_WORKER_PORT);
  return {
    intakePort,
    workerPort,
    async stop() {
      // Services first lose the intake, then what they sent is written.
      await intake.close();
      const drained = await runtime.stop(DRAIN_MS);
      health.close();
      health.closeAllConnections();
      await closeContext(context);
      return drained;
    },
  };
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
