import { fork, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { MEMBER_TIMEOUT_SECONDS } from '@/lib/brokers/embedded/member-timeout';
import { encodeLagChunk } from '@/lib/domain/groups/lag-chunk';
import { foldName } from '@/lib/domain/operators/name';
import { passPhrase } from '@/lib/domain/operators/password';
import { SYSTEM, type Actor, type Context } from '@/lib/context/context';
import { getRetry } from '@/lib/operations/retries/get';
import { listAllMessages } from '@/lib/operations/messages/list';
import { createOperator } from '@/lib/operations/operators/create';
import { createRetry } from '@/lib/operations/retries/create';
import { signIn } from '@/lib/operations/sessions/sign-in';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { endToken } from '@/lib/operations/tokens/manage';
import { configureTopic } from '@/lib/operations/topics/configure';
import { listTopics } from '@/lib/operations/topics/list';
import { publishTest } from '@/lib/operations/topics/publish-test';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { connect, type Courier } from '@/lib/sdk';
import { readCursors, recordGap } from '@/lib/store/sources/cursors';
import { writeLagSample } from '@/lib/store/lag/write-sample';
import { findOperator } from '@/lib/store/operators/operators';
import { makeFact, newId } from '@/lib/testing/facts';
import { startWorkers } from '@/lib/workers/main';
import type { Credentials } from './release';

const DAY_MS = 86_400_000;
/** How long the shop is open: long enough that its customers have had their pay day and charts have something to show. */
const OPEN_MS = 110_000;

/** Polls until something is so. */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`after ${withinMs} ms still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** An administrator by name. */
export async function operatorActor(context: Context, name: string): Promise<Actor> {
  const operator = await findOperator(context.store, foldName(name));
  if (!operator) throw new Error(`there is no operator ${name}`);
  return { id: operator.id, name: operator.name, role: operator.role };
}

/** Who may do what, in a database that is empty but for its tables. */
export async function makeCredentials(context: Context): Promise<Credentials> {
  const operators = ['admin', 'mei'].map((name) => ({ name, passPhrase: passPhrase(randomInt) }));
  for (const { name, passPhrase: password } of operators)
    await createOperator.call(context, SYSTEM, { name, password });
  const tokens: Credentials['tokens'] = [];
  for (const name of ['demo shop', 'billing', 'old-service'])
    tokens.push({ name, token: await createServiceToken(context, name), revoked: name === 'old-service' });
  const admin = await operatorActor(context, 'admin');
  await endToken.call(context, admin, { name: 'old-service' });
  const nobody: Actor = { id: null, name: 'anonymous', role: 'anonymous' };
  const enter = (password: string) =>
    signIn.call(context, nobody, { name: 'admin', password, address: '192.0.2.7' });
  await enter('not the pass phrase').catch(() => undefined);
  const { token: session } = await enter(operators[0]?.passPhrase ?? '');
  return { operators, tokens, session };
}

/**
 * Runs a shop on a Courier and makes everything happen that Courier can record. Then the shop is killed, and messages
 * that are sent afterwards stay unread. The workers have stopped when this ends, and the context is closed.
 */
export async function doBusiness(
  contexts: [Context, ...Context[]],
  databaseUrl: string,
  tokenOf: (service: string) => string,
): Promise<void> {
  const [context] = contexts;
  const admin = await operatorActor(context, 'admin');
  await measureYesterday(context);
  const workers = await startWorkers(contexts, databaseUrl);
  const intakeUrl = `http://127.0.0.1:${workers.intakePort}`;
  const services: Courier[] = [];
  const connectAs = (service: string, release: string, token: string) => {
    services.push(connect({ service, release, intakeUrl, token }));
    return services.at(-1) as Courier;
  };
  const opened = Date.now();
  const shop = fork(path.resolve('demo/main.mjs'), [], {
    env: {
      ...process.env,
      COURIER_INTAKE_URL: intakeUrl,
      COURIER_TOKEN: tokenOf('demo shop'),
      DEMO_BROKERS: '',
    },
  });
  try {
    await until('payments are captured', () => isAnyHandled(context, admin, 'payment'));
    await openBilling(connectAs('billing', '2.2.0', tokenOf('billing')));
    const office = connectAs('back-office', '1.0.0', tokenOf('demo shop'));
    await sendRarities(context, admin, office);
    await report(intakeUrl, tokenOf('billing'), context, admin);
    await retryToTheEnd(context, admin);
    await until('the shop was open for long', () => Promise.resolve(Date.now() - opened > OPEN_MS), OPEN_MS);
    await kill(shop);
    await services[0]?.close();
    await leaveUnread(office);
    await office.close();
    await until('what was reported is collected', () => isCollected(context));
    // Once more, so that groups are found without members.
    const since = Date.now();
    await until('the lag is measured', () => isMeasuredSince(context, since));
  } finally {
    await kill(shop);
    await workers.stop();
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function isAnyHandled(context: Context, admin: Actor, group: string): Promise<boolean> {
  const { rows } = await listAllMessages.call(context, admin, { group, status: ['HANDLED'], limit: 1 });
  return rows.length > 0;
}

async function isCollected({ broker, catalog, store }: Context): Promise<boolean> {
  const topicId = await catalog.topicId(FACTS_TOPIC);
  const cursors = (await readCursors(store, 'collector')).filter((cursor) => cursor.topicId === topicId);
  return (await broker.logEnds([FACTS_TOPIC])).known.every(
    ({ partition, end }) =>
      cursors.find((cursor) => cursor.partition === partition)?.next === end || end === 0n,
  );
}

/** Whether the lag was measured when every member of the shop had been gone for long enough to be counted out. */
async function isMeasuredSince({ store }: Context, since: number): Promise<boolean> {
  const { rows } = await store.query<{ at: Date | null }>('SELECT max(sampled_at) AS at FROM group_now');
  return (rows[0]?.at?.getTime() ?? 0) >= since + (MEMBER_TIMEOUT_SECONDS + 3) * 1_000;
}

/** A day that is over, which housekeeping rolls up. */
async function measureYesterday({ store, catalog }: Context): Promise<void> {
  const [groupId, topicId] = [await catalog.groupId('crm'), await catalog.topicId('orders')];
  const startAt = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2);
  const series = new Map([[0, [4, 9, 17, 12, 3, 0]]]);
  const data = encodeLagChunk({ stepSeconds: 100, series });
  const chunks = [{ groupId, topicId, startAt, data }];
  await writeLagSample(store, startAt, { rows: [], groups: [], chunks, losses: [] });
}

/** A service with a token and groups of its own; the name of one is written with what addresses escape. */
async function openBilling(billing: Courier): Promise<void> {
  const retry = { attempts: 2, firstMs: 200 };
  await billing.subscribe<{ orderId: string }>({
    group: 'billing',
    topics: ['payments'],
    from: 'beginning',
    retry,
    handle({ payload }) {
      const number = Number(payload.orderId.slice(6));
      if (number % 16 === 0) throw new RangeError(`no tax rate for ${payload.orderId}`);
      if (number % 23 === 0) throw new TypeError('the address has no country');
    },
  });
  await billing.subscribe({
    group: 'reports (EU/CH)',
    topics: ['inventory'],
    from: 'beginning',
    retry,
    handle({ key }) {
      if (key?.toString().endsWith('7')) throw new SyntaxError('column 3: 50 % of what?');
    },
  });
}

/** What no shop of every day sends: other kinds, bytes, tombstones, headers, a topic that is gone, one that is not indexed. */
async function sendRarities(context: Context, admin: Actor, office: Courier): Promise<void> {
  await office.createTopics([
    { name: 'office.notes', partitions: 1 },
    { name: 'audit-log', partitions: 1 },
    { name: 'old-orders', partitions: 1 },
  ]);
  await until('topics are known', async () => {
    const { rows } = await listTopics.call(context, admin, {});
    return ['office.notes', 'audit-log', 'old-orders'].every((name) => rows.some((row) => row.name === name));
  });
  const policy = { indexed: true, idHeaders: ['tenant'], bodyPolicy: 'all' };
  await configureTopic.call(context, admin, { name: 'office.notes', ...policy });
  await configureTopic.call(context, admin, { name: 'audit-log', ...policy, indexed: false, idHeaders: [] });
  const note = { topic: 'office.notes', headers: { tenant: 'acme' } };
  await office.publish({
    ...note,
    type: 'NoteTaken',
    kind: 'broadcast',
    key: 'note-1',
    payload: { text: 'ünïcödé' },
  });
  await office.publish({
    ...note,
    type: 'NoteTaken',
    kind: 'ordered',
    key: 'note-2',
    payload: Buffer.from([0, 255]),
  });
  await office.publish({ ...note, type: 'NoteTorn', key: 'note-1', payload: null, producerId: 'torn-1' });
  await office.publish({ topic: 'old-orders', type: 'OrderPlaced', key: 'order-1', payload: {} });
  for (const key of ['lost-1', 'lost-2'])
    await office
      .publish({ topic: 'no-such-topic', type: 'NoteLost', key, payload: {} })
      .catch(() => undefined);
  await publishTest.call(context, admin, {
    topic: 'office.notes',
    key: 'test-1',
    type: 'NoteTaken',
    payload: '{"text":"a test"}',
    reason: 'to see whether it arrives',
  });
  // As other frameworks write: without an id of Courier.
  await context.broker.publish([
    {
      topic: 'office.notes',
      partition: 0,
      key: Buffer.from('bare-1'),
      value: Buffer.from('bare'),
      headers: [],
    },
  ]);
  for (const value of [
    'no JSON',
    JSON.stringify({ v: 1, service: 'x', host: 'y', facts: [{ kind: 'lost' }] }),
  ])
    await context.broker.publish([
      { topic: FACTS_TOPIC, partition: 0, key: null, value: Buffer.from(value), headers: [] },
    ]);
  await recordGap(context.store, 'facts', await context.catalog.topicId(FACTS_TOPIC), 0, {
    from: 3n,
    to: 5n,
  });
  await recordGap(context.store, 'topic index', await context.catalog.topicId('orders'), 1, {
    from: 0n,
    to: 2n,
  });
  await until('the old topic is indexed', async () => {
    const { rows } = await listAllMessages.call(context, admin, { topic: 'old-orders' });
    return rows.length > 0;
  });
  await context.broker.deleteTopic('old-orders');
}

/** Facts of a service in another language: a push that failed, failures without type and error, and two that wait. */
async function report(intakeUrl: string, token: string, context: Context, admin: Actor): Promise<void> {
  const { rows } = await listAllMessages.call(context, admin, { topic: 'orders', limit: 3 });
  const bare = async () => {
    const { rows: notes } = await listAllMessages.call(context, admin, { topic: 'office.notes' });
    return notes.find(({ type }) => type === null)?.id;
  };
  await until('the record without an id is indexed', async () => (await bare()) !== undefined);
  const now = { at: new Date().toISOString(), attempt: 1 };
  const nowhere = { gaveUp: { to: null } };
  const facts = [
    ...rows.map(({ id }) =>
      makeFact('push_failed', id, 0, {
        ...now,
        ...nowhere,
        group: 'crm',
        error: { type: 'Unreachable', message: 'crm.example answers 502' },
      }),
    ),
    makeFact('handle_failed', (await bare()) ?? '', 0, { ...now, ...nowhere, group: 'importer' }),
    {
      ...makeFact('handled', '', 0, { ...now, group: 'importer' }),
      messageId: undefined,
      message: { topic: 'office.notes', producerId: 'never-seen' },
    },
    {
      ...makeFact('handled', '', 0, { ...now, group: 'importer' }),
      messageId: undefined,
      position: { topic: 'orders', partition: 0, offset: '900000' },
    },
  ];
  const answer = await fetch(`${intakeUrl}/v1/facts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ v: 1, service: 'billing', host: 'billing-1', facts }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Ids of messages that fail in a group with an error, oldest first. */
export async function failingIn(
  context: Context,
  admin: Actor,
  group: string,
  error: string,
): Promise<string[]> {
  const filter = { group, error, status: ['HANDLE_FAIL'], limit: 200 };
  const { rows } = await listAllMessages.call(context, admin, filter);
  return rows
    .filter(({ detail }) => detail?.kind === 'gave_up')
    .map(({ id }) => id)
    .sort();
}

/** Retries a part of the messages that failed by the inventory bug, once it is fixed, until the retry has ended. */
async function retryToTheEnd(context: Context, admin: Actor): Promise<void> {
  const failing = () => failingIn(context, admin, 'inventory', 'TypeError');
  await until('the bug of inventory has its victims', async () => (await failing()).length >= 4);
  // By then the release that is fixed has taken over.
  const begun = Date.now();
  await until('the bug is fixed', () => Promise.resolve(Date.now() - begun > 12_000));
  const { id } = await createRetry.call(context, admin, {
    selected: { group: 'inventory', messageIds: (await failing()).slice(0, 3) },
    reason: 'gifts have no lines; fixed in 1.4.3',
    idempotencyKey: 'fixture-ended',
  });
  await until('the retry ends', async () => (await getRetry.call(context, admin, { id })).endedAt !== null);
}

async function leaveUnread(office: Courier): Promise<void> {
  for (let number = 1; number <= 12; number += 1) {
    const orderId = `late-${number}`;
    const common = { version: 1, key: orderId };
    const order = {
      orderId,
      customer: { id: 'cust-1', country: 'DE' },
      lines: [],
      total: 20,
      currency: 'EUR',
    };
    await office.publish({ topic: 'orders', type: 'OrderPlaced', payload: order, ...common });
    if (number > 6) continue;
    await office.publish({ topic: 'payments', type: 'PaymentCaptured', payload: { orderId }, ...common });
    await office.publish({ topic: 'inventory', type: 'StockReserved', payload: { orderId }, ...common });
  }
}

/** Leaves a fact on the topic of facts that no collector has read. @returns its message and group */
export async function leaveUncollected(context: Context, admin: Actor) {
  const { rows } = await listAllMessages.call(context, admin, {
    group: 'analytics',
    status: ['COMMITTED'],
    limit: 1,
  });
  const messageId = rows[0]?.id ?? '';
  const facts = [
    makeFact('handled', messageId, 0, { at: new Date().toISOString(), group: 'analytics', attempt: 1 }),
  ];
  const batch = {
    v: 1,
    service: 'analytics-service',
    host: 'shop-1',
    facts: facts.map((fact) => ({ ...fact, factId: newId() })),
  };
  await context.broker.publish([
    { topic: FACTS_TOPIC, partition: 0, key: null, value: Buffer.from(JSON.stringify(batch)), headers: [] },
  ]);
  return { messageId, group: 'analytics' };
}
