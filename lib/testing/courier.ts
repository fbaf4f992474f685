import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, SYSTEM, type Actor, type Context } from '@/lib/operations/context';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { putOperator } from '@/lib/store/operators/operators';
import { connect, type Courier } from '@/lib/sdk';
import { startWorkers } from '@/lib/workers/main';
import { createTestDatabase } from './database';

export interface TestCourier {
  context: Context;
  databaseUrl: string;
  intakeUrl: string;
  token: string;
  /** An administrator, as the one who clicks. */
  operator: Actor;
  system: Actor;
  /** A service connected through this Courier's broker. */
  connect(service: string, release?: string): Courier;
  stop(): Promise<void>;
}

/** A whole Courier without the console, on a database of its own. @param kafka address, or null for the embedded broker */
export async function startCourier(
  server: string,
  kafka: string | null,
  more: Record<string, string> = {},
): Promise<TestCourier> {
  const database = await createTestDatabase(server);
  const settings = readSettings({
    COURIER_BROKERS: kafka ? `kafka://${kafka}` : 'embedded:',
    COURIER_INTAKE_PORT: '0',
    COURIER_WORKER_PORT: '0',
    COURIER_SAMPLE_SECONDS: '1',
    COURIER_LOG_LEVEL: 'error',
    ...more,
  });
  const context = await buildContext(settings, database.url, createLog(settings.COURIER_LOG_LEVEL));
  const token = await createServiceToken(context, 'test');
  await putOperator(context.store, 'mei', 'none', 'administrator');
  const running = await startWorkers(context, database.url);
  const intakeUrl = `http://127.0.0.1:${running.intakePort}`;
  const services: Courier[] = [];
  return {
    context,
    databaseUrl: database.url,
    intakeUrl,
    token,
    operator: { id: 1, name: 'mei', role: 'administrator' },
    system: SYSTEM,
    connect(service, release = '1.0.0') {
      const courier = connect({ service, release, intakeUrl, token, ...(kafka ? { brokers: [kafka] } : {}) });
      services.push(courier);
      return courier;
    },
    async stop() {
      await Promise.all(services.map((one) => one.close()));
      await running.stop();
      await database.drop();
    },
  };
}
