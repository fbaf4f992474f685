import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '@/lib/config';

const folder = mkdtempSync(path.join(tmpdir(), 'courier-clusters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};
const refusal = (environment: Record<string, string>): string => {
  try {
    readSettings(environment);
  } catch (error) {
    return String(error);
  }
  return 'it was accepted';
};

describe('clusters of the environment', () => {
  it.each([
    ['kafka://root:s3cret@host:9092', /COURIER_BROKERS is "kafka:\/\/\*\*\*@host:9092"; .*is no address/],
    ['kafka://broker', /"broker" is no address; allowed is host:port/],
    ['kafka://a:99999', /"a:99999" is no address/],
    ['kafka://SASL_SSL://a:9092', /is no address/],
    ['kafka://', /names no address/],
    ['kafka://a:9092,', null],
    ['kafka://[::1]:9092', null],
    ['kafka://[::1:9092', /is no address/],
    ['kafka://a b:9092', /is no address/],
    ['http://a:9092', /allowed is \[name=\]embedded: or \[name=\]kafka:/],
  ])('%s', (brokers, expected) => {
    const said = refusal({ COURIER_BROKERS: brokers });
    expect(said).not.toContain('s3cret');
    if (expected) expect(said).toMatch(expected);
    else expect(said).toBe('it was accepted');
  });

  it('connect as variables named like the settings of Kafka say', () => {
    const { clusters } = readSettings({
      COURIER_BROKERS: 'kafka://a:9092',
      COURIER_KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
      COURIER_KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      COURIER_KAFKA_SASL_USERNAME: 'courier',
      COURIER_KAFKA_SASL_PASSWORD: `\${file:${fileOf('password', 'from a file\n')}}`,
    });
    expect(clusters).toMatchObject([
      {
        name: 'main',
        properties: { 'security.protocol': 'SASL_SSL', 'sasl.password': 'from a file' },
      },
    ]);
  });

  it('connect by a client.properties file, to what it names', () => {
    const file = fileOf(
      'client.properties',
      'bootstrap.servers = a:9092, b:9092\nsecurity.protocol=SSL\nacks=all\ngroup.id=shop\n',
    );
    expect(readSettings({ COURIER_KAFKA_PROPERTIES: file }).clusters).toMatchObject([
      { name: 'main', scheme: 'kafka', addresses: ['a:9092', 'b:9092'], properties: { acks: 'all' } },
    ]);
  });

  it.each([
    [{ COURIER_KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' }, /names none/],
    [
      { COURIER_BROKERS: 'a=kafka://a:9092;b=kafka://b:9092', COURIER_KAFKA_CLIENT_ID: 'x' },
      /names 2\. Several clusters .* courier\.yaml/,
    ],
    [
      { COURIER_BROKERS: 'kafka://a:9092', COURIER_KAFKA_SECURITY_PROTOCOL: 'TLS' },
      /COURIER_KAFKA_SECURITY_PROTOCOL: security\.protocol is "TLS"; allowed is PLAINTEXT/,
    ],
    [
      { COURIER_BROKERS: 'kafka://a:9092', COURIER_KAFKA_SASL_MECHANSIM: 'PLAIN' },
      /COURIER_KAFKA_SASL_MECHANSIM is no setting/,
    ],
    [
      { COURIER_BROKERS: 'kafka://a:9092', COURIER_KAFKA_BOOTSTRAP_SERVERS: 'b:9092' },
      /Leave one of them out/,
    ],
    [
      { COURIER_BROKERS: 'kafka://a:9092', COURIER_KAFKA_PROPERTIES: '/nowhere' },
      /COURIER_KAFKA_PROPERTIES: the file \/nowhere cannot be read \(ENOENT\)/,
    ],
    [
      { COURIER_BROKERS: 'kafka://a:9092', COURIER_KAFKA_SASL_PASSWORD: '${env:ABSENT}' },
      /the variable ABSENT is not set/,
    ],
  ])('are refused where they cannot work: %j', (environment, expected) => {
    expect(refusal(environment as unknown as Record<string, string>)).toMatch(expected);
  });
});

describe('clusters of courier.yaml', () => {
  it('are each connected by settings of their own, in the order of the file', () => {
    fileOf('dr.properties', 'bootstrap.servers=dr:9092\nsecurity.protocol=SSL\n');
    const file = fileOf(
      'courier.yaml',
      `clusters:
  main:
    environment: production
    bootstrap.servers: [a:9092, b:9092]
    security.protocol: SASL_SSL
    ssl.truststore.location: ca.pem
    sasl.mechanism: PLAIN
    sasl.username: courier
    sasl.password: \${env:KAFKA_PASSWORD}
  dr:
    properties: dr.properties
  trial:
    broker: embedded
`,
    );
    const { clusters } = readSettings({ COURIER_CONFIG: file, KAFKA_PASSWORD: 'from a variable' });
    expect(clusters).toMatchObject([
      {
        name: 'main',
        environment: 'production',
        addresses: ['a:9092', 'b:9092'],
        properties: {
          'sasl.password': 'from a variable',
          'ssl.truststore.location': path.join(folder, 'ca.pem'),
        },
      },
      { name: 'dr', environment: 'development', addresses: ['dr:9092'] },
      { name: 'trial', scheme: 'embedded', addresses: [] },
    ]);
  });

  it.each([
    ['clusters: {}', /clusters is empty/],
    ['clusters:\n  main:\n    bootstrap.servers: a', /clusters\.main: bootstrap\.servers: "a" is no address/],
    ['clusters:\n  Main:\n    bootstrap.servers: a:1', /small letters, digits and hyphens/],
    ['clusters:\n  main:\n    security.protocol: SSL', /bootstrap\.servers is missing/],
    ['clusters:\n  main:\n    broker: rabbit\n', /broker is "rabbit"; allowed is embedded or kafka/],
    ['clusters:\n  main:\n    sasl:\n      mechanism: PLAIN', /each on one line/],
    ['cluster:\n  main: {}', /expected is clusters/],
    ['clusters:\n  a: {password: "s3cret', /line \d+: it is not valid YAML/],
    ['clusters:\n  a: {broker: embedded}\n  b: {broker: embedded}', /at most 1 cluster may be embedded:/],
  ])('are refused where they cannot work: %j', (text, expected) => {
    const said = refusal({ COURIER_CONFIG: fileOf('wrong.yaml', text) });
    expect(said).toMatch(expected);
    expect(said).not.toContain('s3cret');
  });

  it('are not mixed with variables', () => {
    const file = fileOf('both.yaml', 'clusters:\n  main:\n    bootstrap.servers: a:9092\n');
    expect(refusal({ COURIER_CONFIG: file, COURIER_BROKERS: 'kafka://a:9092' })).toMatch(
      /COURIER_BROKERS and .*both\.yaml both say what the clusters are/,
    );
    expect(refusal({ COURIER_CONFIG: path.join(folder, 'absent.yaml') })).toMatch(/cannot be read/);
  });
});
