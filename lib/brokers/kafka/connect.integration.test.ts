import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { KafkaConnectError, type CauseCode } from '@/lib/kafka-client/connect/connect-error';
import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import { SESSION_MS, type KafkaAddresses } from '@/lib/testing/kafka';
import { signInOf, type TestUser } from '@/lib/testing/test-users';
import { TOKEN_CLIENT } from '@/lib/testing/token-endpoint';
import { KafkaBroker } from './adapter';

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

async function listening(server: net.Server): Promise<net.Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.skipIf(!inject('kafka'))('connecting to a Kafka', () => {
  const kafka = inject('kafka') as KafkaAddresses;
  const { files } = kafka;
  const open: KafkaBroker[] = [];
  afterAll(() => Promise.all(open.map((broker) => broker.close())));

  const brokerAt = (
    addresses: string[],
    properties: Record<string, string> = {},
    requestTimeoutMs = 2_000,
  ) => {
    const broker = new KafkaBroker({ name: 'test', addresses, requestTimeoutMs, properties });
    open.push(broker);
    return broker;
  };
  const ssl = { 'security.protocol': 'SSL', 'ssl.truststore.location': files?.ca ?? '' };
  const password = (mechanism: string, user: TestUser = 'guest', given = signInOf(user).password) => ({
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.username': user,
    'sasl.password': given,
  });
  const overTls = { 'security.protocol': 'SASL_SSL', 'ssl.truststore.location': files?.ca ?? '' };
  const client = (store: string) => ({
    'ssl.keystore.location': store,
    'ssl.keystore.password': files?.passphrase ?? '',
  });
  const token = (query = '', secret = TOKEN_CLIENT.secret) => ({
    ...overTls,
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': `${kafka?.tokenUrl}${query}`,
    'sasl.oauthbearer.client.credentials.client.id': TOKEN_CLIENT.id,
    'sasl.oauthbearer.client.credentials.client.secret': secret,
  });
  /** The code and the sentence of the cause; null where the broker answers. */
  const causeOf = async (addresses: string[], properties: Record<string, string> = {}) => {
    try {
      await brokerAt(addresses, properties, 1_000).overview();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : null;
      if (!(cause instanceof KafkaConnectError)) throw error;
      return { code: cause.code, sentence: String(error) };
    }
    return null;
  };

  describe('as each kind of listener asks', () => {
    it.each<[string, () => [string, Record<string, string>]]>([
      ['plaintext', () => [kafka.address, {}]],
      ['TLS', () => [kafka.tls, ssl]],
      [
        'TLS by a PEM text',
        () => [
          kafka.tls,
          { 'security.protocol': 'SSL', 'ssl.truststore.certificates': readFileSync(files.ca, 'utf8') },
        ],
      ],
      ['a client certificate, PKCS12', () => [kafka.mtls, { ...ssl, ...client(files.client) }]],
      ['a client certificate, PEM', () => [kafka.mtls, { ...ssl, 'ssl.keystore.location': files.clientPem }]],
      ['another name that is set', () => [kafka.named, { ...ssl, 'ssl.server.name': 'broker.example.test' }]],
      [
        'a name that is not checked',
        () => [kafka.named, { ...ssl, 'ssl.endpoint.identification.algorithm': '' }],
      ],
      ['SCRAM over TLS', () => [kafka.saslTls, { ...password('SCRAM-SHA-512'), ...overTls }]],
      ['a token', () => [kafka.oauth, token()]],
      ...MECHANISMS.map((mechanism): [string, () => [string, Record<string, string>]] => [
        `${mechanism} with a password of odd characters`,
        () => [kafka.sasl, password(mechanism, 'odd')],
      ]),
    ])('%s', async (_, listener) => {
      const [address, properties] = listener();
      expect(await causeOf([address], properties)).toBeNull();
    });
  });

  describe('names the cause of', () => {
    it.each<[string, CauseCode, () => [string, Record<string, string>]]>([
      ['plaintext to a TLS port', 'kafkaTlsPort', () => [kafka.tls, {}]],
      ['TLS to a plaintext port', 'tlsPlainPort', () => [kafka.address, ssl]],
      ['no sign-in where one is asked for', 'signInNeeded', () => [kafka.sasl, {}]],
      ['no sign-in over TLS', 'signInNeeded', () => [kafka.saslTls, ssl]],
      ['sign-in where none is asked for', 'signInNotWanted', () => [kafka.address, password('PLAIN')]],
      [
        'a mechanism that is not offered',
        'signInNotOffered',
        () => [kafka.oauth, { ...password('PLAIN'), ...overTls }],
      ],
      ['a wrong password of PLAIN', 'signInWrong', () => [kafka.sasl, password('PLAIN', 'guest', 'wrong')]],
      [
        'a wrong password of SCRAM',
        'signInWrongPassword',
        () => [kafka.sasl, password('SCRAM-SHA-256', 'guest', 'wrong')],
      ],
      [
        'an unknown user of SCRAM',
        'signInUnknownUser',
        () => [kafka.sasl, { ...password('SCRAM-SHA-512'), 'sasl.username': 'stranger' }],
      ],
      [
        'an authority that is not trusted',
        'tlsUnknownAuthority',
        () => [kafka.tls, { 'security.protocol': 'SSL' }],
      ],
      [
        'another authority',
        'tlsUnknownAuthority',
        () => [kafka.tls, { ...ssl, 'ssl.truststore.location': files.otherCa }],
      ],
      ['a certificate that expired', 'tlsExpired', () => [kafka.expired, ssl]],
      ['a certificate of the future', 'tlsNotYetValid', () => [kafka.future, ssl]],
      ['a certificate of another name', 'tlsWrongName', () => [kafka.named, ssl]],
      ['no client certificate', 'tlsClientNeeded', () => [kafka.mtls, ssl]],
      [
        'a client certificate of another authority',
        'tlsClientRefused',
        () => [kafka.mtls, { ...ssl, ...client(files.otherClient) }],
      ],
      [
        'a wrong passphrase',
        'filesPassphrase',
        () => [kafka.mtls, { ...ssl, ...client(files.client), 'ssl.keystore.password': 'wrong' }],
      ],
      ['a JKS store', 'filesJks', () => [kafka.tls, { ...ssl, 'ssl.truststore.location': files.jks }]],
      [
        'a PKCS12 store of authorities',
        'filesTrust',
        () => [kafka.tls, { ...ssl, 'ssl.truststore.location': files.trust }],
      ],
      [
        'a file that is not there',
        'filesUnreadable',
        () => [kafka.tls, { ...ssl, 'ssl.truststore.location': '/nowhere.pem' }],
      ],
      ['a token for somebody else', 'signInTokenRefused', () => [kafka.oauth, token('?audience=other')]],
      ['a wrong client secret', 'tokenRefused', () => [kafka.oauth, token('', 'wrong')]],
      ['a token endpoint that breaks off', 'tokenUnreachable', () => [kafka.oauth, token('?down=1')]],
      ['a port where nothing listens', 'portRefused', () => ['127.0.0.1:9', {}]],
      ['an unknown name', 'nameUnknown', () => ['kafka.invalid:9092', {}]],
    ])('%s: %s', async (_, code, listener) => {
      const [address, properties] = listener();
      const cause = await causeOf([address], properties);
      expect(cause?.code).toBe(code);
      expect(cause?.sentence).not.toMatch(/[Cc]losed connection|undefined|\{\w+\}|wrong-|-pass/);
    });

    it('a port that says nothing, and one of something else', async () => {
      const silent = await listening(net.createServer());
      const web = await listening(
        net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      );
      const at = (server: net.Server) => `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
      expect((await causeOf([at(silent)]))?.code).toBe('kafkaSilent');
      expect((await causeOf([at(silent)], ssl))?.code).toBe('tlsSilent');
      expect((await causeOf([at(web)]))?.code).toBe('kafkaOther');
      expect((await causeOf([at(web)], ssl))?.code).toBe('tlsNone');
      silent.close();
      web.close();
    });
  });

  it('a broker that is too old, in the live call and in the test of the connection', async () => {
    // ApiVersions v0 of a broker that answers Metadata up to version 7, as Kafka 2.1 does.
    const ranges = [
      [3, 0, 7],
      [18, 0, 2],
    ];
    const old = await listening(
      net.createServer((socket) =>
        socket.on('data', (request: Buffer) => {
          const answer = new WireWriter().int32(request.readInt32BE(8)).int16(0);
          answer.array(ranges, (range) => range.forEach((value) => answer.int16(value)));
          const body = answer.toBuffer();
          socket.write(new WireWriter().int32(body.length).bytes(body).toBuffer());
        }),
      ),
    );
    const address = `127.0.0.1:${(old.address() as net.AddressInfo).port}`;
    const expected =
      /too old \(Kafka before 2\.3\): .*Metadata in version 0 to 7, needed is 11 to 12.*2\.8 and newer/;
    await expect(brokerAt([address]).topics()).rejects.toThrow(expected);
    const { lines } = await brokerAt([address]).capabilities.checkConnection();
    expect(lines.find(({ step }) => step === 'version')).toMatchObject({
      outcome: 'failed',
      text: expect.stringMatching(expected) as string,
    });
    expect(lines.at(-1)).toMatchObject({ step: 'rights', outcome: 'untried' });
    old.close();
  });

  it('goes on to the next address within the call, whatever is wrong with the first', async () => {
    const silent = await listening(net.createServer());
    const silentAddress = `127.0.0.1:${(silent.address() as net.AddressInfo).port}`;
    const began = performance.now();
    expect(await causeOf(['127.0.0.1:9', silentAddress, 'kafka.invalid:9092', kafka.address])).toBeNull();
    expect(performance.now() - began).toBeLessThan(1_500);
    silent.close();
  });

  const callFor = async (broker: KafkaBroker, ms: number): Promise<void> => {
    for (const until = performance.now() + ms; performance.now() < until;) {
      await broker.overview();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it.concurrent('goes on for longer than a session lasts', async () => {
    await callFor(brokerAt([kafka.shortSasl], password('SCRAM-SHA-256', 'guest'), 5_000), 2 * SESSION_MS);
  });

  it.concurrent('renews tokens that end before long', async () => {
    await callFor(brokerAt([kafka.oauth], token('?lifetime=2'), 5_000), 2 * SESSION_MS);
  });

  it('says which broker tells its clients to come to a place that cannot be reached', async () => {
    const topicsBy = (address: string) =>
      brokerAt([address], {}, 1_000)
        .logEnds(['__consumer_offsets'])
        .then(
          () => '',
          (error: unknown) => String(error),
        );
    expect(await topicsBy(kafka.gone)).toMatch(
      /Broker 1 says that it is at 127\.0\.0\.1:\d+, which cannot be/,
    );
    expect(await topicsBy(kafka.unnamed)).toMatch(
      /kafka-0\.kafka\.svc\.invalid:9092, and this name is not known/,
    );
  });
});
