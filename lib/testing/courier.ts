import type { DestinationStream } from 'pino';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContexts, SYSTEM, type Actor, type Context } from '@/lib/context/context';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { putOperator } from '@/lib/store/operators/operators';
import { connect, type Courier } from '@/lib/sdk';
import { startWorkers } from '@/lib/workers/main';
import { createTestDatabase } from './database';

export interface TestCourier {
  context: Context;
  contexts: [Context, ...Context[]];
  databaseUrl: string;
  intakeUrl: string;
  /** Address of the workers' health and metrics. */
  workerUrl: string;
  /** Of all services together, as one of release 0.1: what a token of one service may not do has tests of its own. */
  token: string;
  /** A token of one service alone. */
  tokenOf(service: string, rights?: { publish?: string[]; read?: string[] }): Promise<string>;
  /** An administrator, as the one who clicks. */
  operator: Actor;
  system: Actor;
  /** A service connected through this Courier's broker. @param cluster where there are several, else the first */
  connect(service: string, release?: string, cluster?: string): Courier;
  stop(): Promise<void>;
}

/** A whole Courier without the console, on a database of its own. @param kafka address, or null for the embedded broker */
export function startCourier(
  server: string,
  kafka: string | null,
  more: Record<string, string> = {},
): Promise<TestCourier> {
  return startCourierOn(server, kafka ? `kafka://${kafka}` : 'embedded:', more);
}

/**
 * As `startCourier`, with several clusters; `context` and `connect` are of the first.
 * @param brokers as `COURIER_BROKERS` names them; null: as the further settings do
 * @param logTo where the log goes; absent: standard error
 */
export async function startCourierOn(
  server: string,
  brokers: string | null,
  more: Record<string, string> = {},
  logTo?: DestinationStream,
): Promise<TestCourier> {
  const database = await createTestDatabase(server);
  const settings = readSettings({
    ...(brokers === null ? {} : { COURIER_BROKERS: brokers }),
    COURIER_INTAKE_PORT: '0',
    COURIER_WORKER_PORT: '0',
    COURIER_SAMPLE_SECONDS: '1',
    COURIER_LOG_LEVEL: 'error',
    ...more,
  });
  const contexts = await buildContexts(
    settings,
    database.url,
    createLog(settings.COURIER_LOG_LEVEL, {}, logTo),
  );
  const [context] = contexts;
  const token = await createServiceToken(context, 'test');
  await context.store.query("UPDATE token SET shared = true WHERE name = 'test'");
  await putOperator(context.store, {
    name: 'mei',
    folded: 'mei',
    passwordHash: 'none',
    role: 'administrator',
  });
  const running = await startWorkers(contexts, database.url);
  const intakeUrl = `http://127.0.0.1:${running.intakePort}`;
  const services: Courier[] = [];
  return {
    context,
    contexts,
    databaseUrl: database.url,
    intakeUrl,
    workerUrl: `http://127.0.0.1:${running.workerPort}`,
    token,
    tokenOf: (service, rights) => createServiceToken(context, service, rights),
    operator: { id: 1, name: 'mei', role: 'administrator' },
    system: SYSTEM,
    connect(service, release = '1.0.0', cluster = context.cluster.name) {
      const { addresses = [], properties = {} } =
        settings.clusters.find((item) => item.name === cluster) ?? {};
      const options = { service, release, intakeUrl, token, cluster };
      const courier = connect(
        addresses.length > 0 ? { ...options, brokers: addresses, properties } : options,
      );
      services.push(courier);
      return courier;
    },
    async stop() {
      await Promise.all(services.map((service) => service.close()));
      await running.stop();
      await database.drop();
    },
  };
}
