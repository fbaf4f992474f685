import { randomBytes } from 'node:crypto';
import { AclOperationTypes, AclResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SESSION_MS, type KafkaAddresses } from '@/lib/testing/kafka';
import { grant } from '@/lib/testing/kafka-rights';
import { signInOf } from '@/lib/testing/test-users';
import { TOKEN_CLIENT, TOKEN_SUBJECT } from '@/lib/testing/token-endpoint';
import { kafkaConfigOf } from './kafka-config';
import { KafkaTransport } from './kafka-transport';

describe.skipIf(!inject('kafka'))('the SDK on a secured Kafka', () => {
  const kafka = inject('kafka') as KafkaAddresses;
  const topic = `secured-${randomBytes(3).toString('hex')}`;
  const overTls = { 'security.protocol': 'SASL_SSL', 'ssl.truststore.location': kafka?.files.ca ?? '' };
  const scram = (password = signInOf('odd').password) => ({
    ...overTls,
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': 'odd',
    'sasl.password': password,
  });
  const token = {
    ...overTls,
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': kafka?.tokenUrl ?? '',
    'sasl.oauthbearer.client.credentials.client.id': TOKEN_CLIENT.id,
    'sasl.oauthbearer.client.credentials.client.secret': TOKEN_CLIENT.secret,
  };
  const certificate = {
    'security.protocol': 'SSL',
    'ssl.truststore.location': kafka?.files.ca ?? '',
    'ssl.keystore.location': kafka?.files.clientPem ?? '',
  };
  let admin: ReturnType<Kafka['admin']>;
  const open: KafkaTransport[] = [];
  const transportAt = (address: string, properties: Record<string, string>, ...before: string[]) => {
    const transport = new KafkaTransport(kafkaConfigOf([...before, address], properties));
    open.push(transport);
    return transport;
  };

  beforeAll(async () => {
    admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic }] });
    for (const user of ['odd', TOKEN_SUBJECT, 'CN=client']) {
      await grant(admin, user, AclResourceTypes.TOPIC, topic, AclOperationTypes.ALL);
      await grant(admin, user, AclResourceTypes.GROUP, topic, AclOperationTypes.ALL);
    }
  });
  afterAll(async () => {
    await Promise.all(open.map((transport) => transport.close()));
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });

  it.each<[string, () => KafkaTransport]>([
    ['SCRAM over TLS', () => transportAt(kafka.saslTls, scram())],
    ['a token', () => transportAt(kafka.oauth, token)],
    ['a client certificate', () => transportAt(kafka.mtls, certificate)],
    [
      'addresses of which the first are dead',
      () => transportAt(kafka.saslTls, scram(), '127.0.0.1:9', 'kafka.invalid:9092'),
    ],
  ])('sends and reads by %s', async (name, make) => {
    const transport = make();
    const values: string[] = [];
    const consumption = await transport.consume({
      group: `${topic}.${name.replaceAll(' ', '-')}`,
      topics: [topic],
      fromBeginning: true,
      onRecords: (_topic, _partition, records) =>
        void values.push(...records.map(({ value }) => String(value))),
      onRevoked: () => undefined,
      onFailed: () => undefined,
      onReads: () => undefined,
    });
    const answer = await transport.send({ topic, key: null, value: Buffer.from(name), headers: [] });
    expect(answer).toMatchObject({ outcome: 'committed' });
    await expect.poll(() => values, { timeout: 20_000 }).toContain(name);
    await consumption.stop();
  });

  it('loses no send while sessions are renewed', async () => {
    const transport = transportAt(kafka.shortSasl, { ...scram(), 'security.protocol': 'SASL_PLAINTEXT' });
    const until = performance.now() + 2 * SESSION_MS;
    const outcomes: Record<string, number> = {};
    const value = randomBytes(100_000);
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (performance.now() < until) {
          const { outcome } = await transport.send({ topic, key: null, value, headers: [] });
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
      }),
    );
    expect(Object.keys(outcomes)).toEqual(['committed']);
  });

  it.each<[string, RegExp, () => KafkaTransport]>([
    [
      'a wrong password',
      /refused the password of the user odd/,
      () => transportAt(kafka.saslTls, scram('wrong-pass')),
    ],
    [
      'an authority that is not trusted',
      /is not trusted here/,
      () => transportAt(kafka.tls, { 'security.protocol': 'SSL' }),
    ],
    ['plaintext to a TLS port', /The port .* speaks TLS/, () => transportAt(kafka.tls, {})],
  ])('says what is wrong: %s', async (_, expected, make) => {
    const answer = await make().send({ topic, key: null, value: null, headers: [] });
    expect(answer).toMatchObject({ outcome: 'not_written' });
    expect(String('error' in answer && answer.error)).toMatch(expected);
    expect(String('error' in answer && answer.error)).not.toContain('wrong-pass');
  });

  it('refuses settings that cannot work before anything is sent', () => {
    expect(() => kafkaConfigOf(['user:secret@a:9092'], {})).toThrow(/"\*\*\*@a:9092" is no address/);
    expect(() => kafkaConfigOf(['a:9092'], { 'sasl.mechansim': 'PLAIN' })).toThrow(
      /did you mean sasl\.mechanism/,
    );
  });
});
