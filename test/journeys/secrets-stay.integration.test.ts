import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { readSettings } from '@/lib/config';
import { buildContexts, type Context } from '@/lib/context/context';
import { createLog } from '@/lib/log';
import { listGroups } from '@/lib/operations/groups/list';
import { overviewNow } from '@/lib/operations/overview/now';
import { checkConnection } from '@/lib/operations/settings/check';
import { getSettings } from '@/lib/operations/settings/get';
import { listTopics } from '@/lib/operations/topics/list';
import { publishTest } from '@/lib/operations/topics/publish-test';
import { connect } from '@/lib/sdk';
import { startCourierOn, type TestCourier } from '@/lib/testing/courier';
import type { KafkaAddresses } from '@/lib/testing/kafka';
import { signInOf } from '@/lib/testing/test-users';
import { TOKEN_CLIENT } from '@/lib/testing/token-endpoint';

/** What is wrong in one cluster each, and must not be repeated by the error about it. */
const WRONG = {
  password: 'canary-password-Zq7',
  secret: 'canary-secret-Zq7',
  passphrase: 'canary-phrase-Zq7',
};

describe.skipIf(!inject('kafka'))('secrets of a Kafka', () => {
  const kafka = inject('kafka') as KafkaAddresses;
  const topic = `secrets-${randomBytes(3).toString('hex')}`;
  const seen: { where: string; text: string }[] = [];
  const tokens = new Set<string>();
  const see = (where: string, value: unknown) =>
    seen.push({ where, text: typeof value === 'string' ? value : format('%j %s', value, value) });
  const ends: (() => unknown)[] = [];
  let courier: TestCourier;

  beforeAll(async () => {
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      const spy = vi
        .spyOn(console, method)
        .mockImplementation((...line) => void see(`console.${method}`, format(...line)));
      ends.push(() => spy.mockRestore());
    }
    const endpoint = await openTokenEndpoint();
    const overTls = { 'security.protocol': 'SASL_SSL', 'ssl.truststore.location': kafka.files.ca };
    const scram = (password: string) => ({
      ...overTls,
      'bootstrap.servers': kafka.saslTls,
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'root',
      'sasl.password': password,
    });
    const oauth = (secret: string) => ({
      ...overTls,
      'bootstrap.servers': kafka.oauth,
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': endpoint,
      'sasl.oauthbearer.client.credentials.client.id': TOKEN_CLIENT.id,
      'sasl.oauthbearer.client.credentials.client.secret': secret,
    });
    const certificate = {
      'security.protocol': 'SSL',
      'bootstrap.servers': kafka.mtls,
      'ssl.truststore.location': kafka.files.ca,
      'ssl.keystore.location': kafka.files.clientPem,
    };
    const clusters = {
      scram: scram(signInOf('root').password),
      oauth: oauth(TOKEN_CLIENT.secret),
      certificate,
      'wrong-password': scram(WRONG.password),
      'wrong-secret': oauth(WRONG.secret),
    };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-secrets-'));
    ends.push(() => fs.rmSync(folder, { recursive: true, force: true }));
    const config = path.join(folder, 'courier.yaml');
    fs.writeFileSync(config, JSON.stringify({ clusters }));
    courier = await startCourierOn(
      inject('postgres'),
      null,
      { COURIER_CONFIG: config, COURIER_LOG_LEVEL: 'debug' },
      { write: (line: string) => void see('log', line) },
    );
    ends.push(() => courier.stop());

    const keyStore = {
      ...certificate,
      'ssl.keystore.location': kafka.files.client,
      'ssl.keystore.password': WRONG.passphrase,
    };
    const refused = path.join(folder, 'refused.yaml');
    fs.writeFileSync(refused, JSON.stringify({ clusters: { any: keyStore } }));
    const log = createLog('debug', {}, { write: (line: string) => void see('log', line) });
    await refusedOrNot(() =>
      buildContexts(readSettings({ COURIER_CONFIG: refused }), courier.databaseUrl, log),
    );
    await useIt(scram);
  }, 120_000);
  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** Passes requests for tokens on, and keeps the tokens that are answered. */
  async function openTokenEndpoint(): Promise<string> {
    const server = http.createServer((request, response) => {
      void (async () => {
        const headers = {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? '',
        };
        const body = await new Response(request as never).text();
        const answer = await fetch(kafka.tokenUrl, { method: 'POST', headers, body });
        const text = await answer.text();
        const token = (JSON.parse(text) as { access_token?: string }).access_token;
        if (token) tokens.add(token);
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  }

  async function refusedOrNot(work: () => unknown): Promise<void> {
    try {
      see('answer', await work());
    } catch (error) {
      see('error', format('%o', error));
      for (let cause = error; cause instanceof Error; cause = cause.cause) see('error', String(cause.stack));
    }
  }

  /** Lets pages, workers and services use each cluster, so that whatever may be logged, answered or stored is. */
  async function useIt(scram: (password: string) => Record<string, string>): Promise<void> {
    const mei = courier.operator;
    const service = courier.connect('order-service');
    await service.createTopics([{ name: topic, partitions: 1 }]);
    await service.publish({ topic, type: 'Any', payload: { text: 'any' } });
    const reads: ((context: Context) => Promise<unknown>)[] = [
      (context) => getSettings.call(context, mei, {}),
      (context) => checkConnection.call(context, mei, {}),
      (context) => overviewNow.call(context, mei, {}),
      (context) => listGroups.call(context, mei, {}),
      (context) => listTopics.call(context, mei, {}),
      (context) => publishTest.call(context, mei, { topic, key: 'k', value: 'v', headers: [] }),
    ];
    for (const context of courier.contexts) for (const read of reads) await refusedOrNot(() => read(context));
    for (const [password, properties] of [
      [signInOf('root').password, scram(signInOf('root').password)],
      [WRONG.password, scram(WRONG.password)],
    ] as const) {
      const { 'bootstrap.servers': brokers = '', ...rest } = properties;
      await refusedOrNot(async () => {
        const other = connect({
          service: `service-${password.length}`,
          brokers: [brokers],
          properties: rest,
          intakeUrl: courier.intakeUrl,
          token: courier.token,
          onProblem: (problem) => void see('problem', problem),
        });
        ends.push(() => other.close());
        await other.subscribe({ group: `${topic}.group`, topics: [topic], handle: () => undefined });
      });
      await refusedOrNot(async () => (await fetch(`${courier.workerUrl}/metrics`)).text());
    }
  }

  const everySecret = () => [
    ...Object.values(WRONG),
    signInOf('root').password,
    Buffer.from(`\0root\0${signInOf('root').password}`).toString('base64'),
    TOKEN_CLIENT.secret,
    Buffer.from(`${TOKEN_CLIENT.id}:${TOKEN_CLIENT.secret}`).toString('base64'),
    ...tokens,
    // A line of the private key.
    fs.readFileSync(kafka.files.clientPem, 'utf8').split('PRIVATE KEY-----\n')[1]?.split('\n')[0] ?? '',
  ];
  const leaks = (places: { where: string; text: string }[]) =>
    places.flatMap(({ where, text }) =>
      everySecret()
        .filter((secret) => text.includes(secret))
        .map((secret) => `${where}: ${secret.slice(0, 12)} in ${text.slice(0, 200)}`),
    );

  it('are known to this test, and would be found', () => {
    expect(tokens.size).toBeGreaterThan(0);
    expect(everySecret().every((secret) => secret.length > 8)).toBe(true);
    for (const secret of everySecret())
      expect(leaks([{ where: 'planted', text: `x${secret}y` }])).not.toEqual([]);
    const places = new Set(seen.map(({ where }) => where));
    expect([...places]).toEqual(expect.arrayContaining(['log', 'answer', 'error', 'problem']));
    // What is wrong was tried and refused.
    const texts = seen.map(({ text }) => text);
    for (const sentence of [
      /refused the password of the user root/,
      /invalid_client|secret does not match/,
      /passphrase of .* is wrong/,
    ])
      expect(
        texts.some((text) => sentence.test(text)),
        String(sentence),
      ).toBe(true);
  });

  it('are in no line of a log, no answer, no error and no report', () => {
    expect(leaks(seen)).toEqual([]);
  });

  it('are in no row of the tracking store', async () => {
    const { rows } = await courier.context.store.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind = 'r'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { name } of rows) {
      const found = await courier.context.store.query<{ text: string }>(
        `SELECT t::text AS text FROM ${name} t`,
      );
      expect(leaks(found.rows.map(({ text }) => ({ where: name, text })))).toEqual([]);
    }
  });

  it('are in no argument of a process', () => {
    const commands = fs.existsSync('/proc')
      ? fs
          .readdirSync('/proc')
          .filter((name) => /^\d+$/.test(name))
          .map((pid) => ({ where: pid, text: readIfThere(`/proc/${pid}/cmdline`) }))
      : [{ where: 'this', text: process.argv.join(' ') }];
    expect(commands.some(({ text }) => text.includes('node'))).toBe(true);
    expect(leaks(commands)).toEqual([]);
  });
});

/** A file of a process, which may end meanwhile. */
function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
