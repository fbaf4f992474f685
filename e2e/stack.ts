// Runs what the end-to-end tests click on: one Courier with its console over a cluster of each broker, and on each
// cluster a shop whose payment fails until a test repairs it. Prints the addresses to standard output, and ends everything
// when standard input ends.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from '@/lib/context/context';
import { createOperator } from '../lib/operations/operators/create';
import { newState } from '@/lib/domain/groups/judge/state';
import { writeLagSample } from '@/lib/store/lag/write-sample';
import { startCourierOn, type TestCourier } from '../lib/testing/courier';
import { commitPosition } from '../lib/testing/commit-position';
import { setReachable } from '../lib/testing/database';
import { endProcess, type KafkaAddresses } from '../lib/testing/kafka';
import { signInOf } from '../lib/testing/test-users';
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

/**
 * Clusters whose broker never answers, beside those that do: one to see that, one for facts that no other test shall
 * count, and one whose groups were measured until ten minutes ago.
 */
const AWAY = { away: 'production', hostile: 'development', silent: 'production' } as const;

/** The clusters; to Kafka one signs in, over TLS. */
function configOf(kafka: KafkaAddresses | null): string {
  const { username, password } = signInOf('root');
  const secured = kafka && {
    environment: 'staging',
    'bootstrap.servers': kafka.saslTls,
    'security.protocol': 'SASL_SSL',
    'ssl.truststore.location': kafka.files.ca,
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': username,
    'sasl.password': password,
  };
  const away = Object.entries(AWAY).map(([name, environment]) => [
    name,
    { environment, 'bootstrap.servers': '127.0.0.1:9' },
  ]);
  const clusters = {
    embedded: { broker: 'embedded' },
    ...(secured ? { kafka: secured } : {}),
    ...(Object.fromEntries(away) as object),
  };
  // JSON is YAML as well.
  return JSON.stringify({ clusters });
}

const SILENT_MS = 600_000;

async function startStacks(
  kafka: KafkaAddresses | null,
): Promise<{ addresses: StackAddress[]; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'courier-e2e-'));
  const config = path.join(folder, 'courier.yaml');
  writeFileSync(config, configOf(kafka));
  const settings = { COURIER_CONFIG: config, COURIER_SAMPLE_SECONDS: '2' };
  const courier = await startCourierOn(process.env.TEST_POSTGRES_URL ?? '', null, settings);
  await createOperator.call(courier.context, courier.system, { name: 'mei', password: PASS_PHRASE });
  const starting = startWeb({ COURIER_DATABASE_URL: courier.databaseUrl, ...settings });
  const shops: {
    broker: StackAddress['broker'];
    prefix: string;
    door: Awaited<ReturnType<typeof openShop>>;
  }[] = [];
  for (const context of courier.contexts) {
    const { cluster } = context;
    if (cluster.name === 'silent') await leaveMeasured(context);
    if (cluster.name in AWAY) continue;
    const broker = cluster.name as StackAddress['broker'];
    const prefix = `e2e-${randomBytes(3).toString('hex')}`;
    shops.push({ broker, prefix, door: await openShop(courier, broker, prefix, kafka) });
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
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes the last sample of a group whose broker has not answered since. */
async function leaveMeasured({ store, catalog }: Context): Promise<void> {
  const at = new Date(Date.now() - SILENT_MS);
  const [groupId, topicId] = [
    await catalog.groupId('silent.billing'),
    await catalog.topicId('silent.orders'),
  ];
  const member = { id: 'billing-1', clientId: 'billing', host: 'host-a', assignment: [] };
  const judged = {
    verdict: 'keeping_up',
    isMeasuring: false,
    since: { at: at.getTime(), isAtLeast: false },
    lag: 12,
    delay: { seconds: 3, isAtLeast: false },
    drain: { kind: 'unknown' },
  } as const;
  await writeLagSample(store, at, {
    rows: [
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
        judged: { ...judged, place: 'silent.orders/0', movedBackFrom: null, direction: null },
      },
    ],
    groups: [
      {
        groupId,
        type: 'classic',
        state: 'Stable',
        members: [member],
        judged: {
          ...judged,
          worst: 'silent.orders/0',
          reading: 'members',
          topics: ['silent.orders'],
          rateIn: 2,
          rateOut: 2,
          worstRow: null,
        },
        judgeState: newState(at.getTime()),
      },
    ],
    chunks: [],
    losses: [],
  });
}

/**
 * A shop with a door for the tests: publish a message, let payment work or fail, let analytics stop or read on, commit the
 * first position for groups, let the tracking store go away or come back.
 */
async function openShop(
  courier: TestCourier,
  cluster: string,
  prefix: string,
  kafka: KafkaAddresses | null,
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
    // As JSON, since an address can't end in `.` or in nothing. On a topic that no other test reads.
    group: async (names) => {
      const own = `${prefix}.names`;
      await service.createTopics([{ name: own, partitions: 1 }]);
      for (const name of JSON.parse(names) as string[])
        await commitPosition(kafka?.address ?? '', name, { topic: own, partition: 0, offset: 0 });
    },
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
  const kafka = JSON.parse(process.env.TEST_KAFKA ?? 'null') as KafkaAddresses | null;
  const running = await startStacks(kafka);
  console.log(JSON.stringify(running.addresses));
  const stop = () => void running.stop().then(() => process.exit(0));
  process.stdin.once('end', stop).resume();
  process.once('SIGTERM', stop);
}
