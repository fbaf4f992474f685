// Runs what the end-to-end tests click on: one Courier with its console over a cluster of each broker, and on each
// cluster a shop whose payment fails until it is told to work. Says where on standard output; ends everything when standard input ends.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '@/lib/context/context';
import { createOperator } from '../lib/operations/operators/create';
import { writeLagSample } from '@/lib/store/lag/write-sample';
import { startCourierOn, type TestCourier } from '../lib/testing/courier';
import { setReachable } from '../lib/testing/database';
import { endProcess } from '../lib/testing/kafka';
import { startWeb } from '../lib/testing/web';
import type { Subscription } from '../lib/sdk';

export interface StackAddress {
  broker: 'embedded' | 'kafka';
  url: string;
  control: string;
  prefix: string;
  /** Where services report, and the token with which they may. */
  intake: string;
  token: string;
}

export const PASS_PHRASE = 'maple-otter-quartz-fern-willow-41';

const ENVIRONMENT =
  'embedded=development;kafka=staging;away=production;hostile=development;silent=production';
/**
 * Clusters whose broker never answers, beside those that do: one to see that, one for facts that no other test shall
 * count, and one whose groups were measured until ten minutes ago.
 */
const AWAY = ['away=kafka://127.0.0.1:9', 'hostile=kafka://127.0.0.1:9', 'silent=kafka://127.0.0.1:9'];
const SILENT_MS = 600_000;

async function startStacks(
  kafka: string | null,
): Promise<{ addresses: StackAddress[]; stop(): Promise<void> }> {
  const brokers = ['embedded:', ...(kafka ? [`kafka=kafka://${kafka}`] : []), ...AWAY].join(';');
  const courier = await startCourierOn(process.env.TEST_POSTGRES_URL ?? '', brokers, {
    COURIER_SAMPLE_SECONDS: '2',
    COURIER_ENVIRONMENT: ENVIRONMENT,
  });
  await createOperator.call(courier.context, courier.system, { name: 'mei', password: PASS_PHRASE });
  const starting = startWeb({
    COURIER_DATABASE_URL: courier.databaseUrl,
    COURIER_BROKERS: brokers,
    COURIER_SAMPLE_SECONDS: '2',
    COURIER_ENVIRONMENT: ENVIRONMENT,
  });
  const shops: {
    broker: StackAddress['broker'];
    prefix: string;
    door: Awaited<ReturnType<typeof openShop>>;
  }[] = [];
  for (const context of courier.contexts) {
    const { cluster } = context;
    if (cluster.name === 'silent') await leaveMeasured(context);
    if (AWAY.some((item) => item.startsWith(`${cluster.name}=`))) continue;
    const broker = cluster.name as StackAddress['broker'];
    const prefix = `e2e-${randomBytes(3).toString('hex')}`;
    shops.push({ broker, prefix, door: await openShop(courier, broker, prefix) });
  }
  const web = await starting;
  return {
    addresses: shops.map(({ broker, prefix, door }) => ({
      broker,
      url: web.url,
      control: door.url,
      prefix,
      intake: courier.intakeUrl,
      token: courier.token,
    })),
    async stop() {
      await endProcess(web.child);
      for (const { door } of shops) door.close();
      await courier.stop();
    },
  };
}

/** What the sampler left of a group when its broker was last heard. */
async function leaveMeasured({ store, catalog }: Context): Promise<void> {
  const at = new Date(Date.now() - SILENT_MS);
  const [groupId, topicId] = [
    await catalog.groupId('silent.billing'),
    await catalog.topicId('silent.orders'),
  ];
  const member = { id: 'billing-1', clientId: 'billing', host: 'host-a', assignment: [] };
  await writeLagSample(
    store,
    at,
    [
      {
        groupId,
        topicId,
        partition: 0,
        committed: 40n,
        start: 0n,
        end: 52n,
        behindSeconds: 3,
        rateIn: 2,
        rateOut: 2,
        movedAt: at,
        member: member.id,
        host: member.host,
      },
    ],
    [{ groupId, type: 'classic', state: 'Stable', members: [member] }],
    [],
  );
}

/**
 * A shop with a door for the tests: publish a message, let payment work or fail, let analytics stop or read on, let the
 * tracking store go away or come back.
 */
async function openShop(
  courier: TestCourier,
  cluster: string,
  prefix: string,
): Promise<{ url: string; close(): void }> {
  const service = courier.connect('order-service', '3.9.0', cluster);
  const topic = `${prefix}.orders`;
  await service.createTopics([{ name: topic, partitions: 2 }]);
  let works = false;
  const retry = { attempts: 2, firstMs: 100 };
  await service.subscribe({
    group: `${prefix}.inventory`,
    topics: [topic],
    from: 'beginning',
    retry,
    handle: () => undefined,
  });
  await service.subscribe<{ total: number }>({
    group: `${prefix}.payment`,
    topics: [topic],
    from: 'beginning',
    retry,
    handle: ({ payload }) => {
      if (!works) throw new RangeError(`balance 12.40 < ${payload.total}`);
    },
  });
  const analytics = () =>
    service.subscribe({
      group: `${prefix}.analytics`,
      topics: [topic],
      from: 'beginning',
      handle: () => undefined,
    });
  let reading: Subscription | null = await analytics();
  const doors: Record<string, (value: string) => Promise<unknown>> = {
    publish: (key) =>
      service.publish({
        topic,
        type: 'OrderPaid',
        version: 2,
        key,
        producerId: `shop-${key}`,
        payload: { orderId: key, total: 99, note: '<img src=x onerror=alert(1)>' },
      }),
    topic: (name) => service.createTopics([{ name, partitions: 1 }]),
    works: (value) => Promise.resolve((works = value === 'true')),
    analytics: async (value) => {
      if (value === 'stop') await reading?.stop().then(() => (reading = null));
      else reading ??= await analytics();
    },
    store: (value) =>
      setReachable(process.env.TEST_POSTGRES_URL ?? '', courier.databaseUrl, value === 'there'),
  };
  const server = createServer((request, response) => {
    const [, door = '', value = ''] = (request.url ?? '').split('/');
    Promise.resolve(doors[door]?.(decodeURIComponent(value))).then(
      (result) => response.end(JSON.stringify(result ?? {})),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

if (process.argv[2] === 'run') {
  const kafka = JSON.parse(process.env.TEST_KAFKA ?? 'null') as { address: string } | null;
  const running = await startStacks(kafka?.address ?? null);
  console.log(JSON.stringify(running.addresses));
  const stop = () => void running.stop().then(() => process.exit(0));
  process.stdin.once('end', stop).resume();
  process.once('SIGTERM', stop);
}
