import { describe, expect, it } from 'vitest';
import { KafkaSettingsError, readKafkaSettings } from './kafka-settings';
import { parseProperties } from './properties-file';

const bootstrap = { 'bootstrap.servers': 'a:9092' };
const problemsOf = (properties: Record<string, string>): string[] => {
  try {
    readKafkaSettings({ ...bootstrap, ...properties });
  } catch (error) {
    if (error instanceof KafkaSettingsError) return error.problems;
    throw error;
  }
  return [];
};
const sasl = { 'security.protocol': 'SASL_SSL' };

describe('a client.properties file', () => {
  it("is read as Java's clients read it", () => {
    const text = String.raw`# made by Strimzi
bootstrap.servers=b1.example:9093,b2.example:9093
security.protocol=SASL_SSL
sasl.mechanism = SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
    username="courier" \
    password="p\\"q,=;x\\\\y";
ssl.truststore.location=/etc/ca.pem
acks=all
key.serializer: org.apache.kafka.common.serialization.StringSerializer
`;
    expect(readKafkaSettings(parseProperties(text))).toEqual({
      addresses: [
        { host: 'b1.example', port: 9093 },
        { host: 'b2.example', port: 9093 },
      ],
      protocol: 'SASL_SSL',
      clientId: null,
      requestTimeoutMs: null,
      connectTimeoutMs: null,
      tls: {
        caFile: '/etc/ca.pem',
        caText: null,
        client: null,
        serverName: null,
        checksName: true,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
      },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'courier', password: 'p"q,=;x\\y' },
      notNeeded: ['acks', 'key.serializer'],
    });
  });

  it("takes Event Hubs' connection string for a password as it is", () => {
    const password = 'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=a+b/c=';
    const text = `bootstrap.servers=ns.servicebus.windows.net:9093
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="$ConnectionString" password="${password}";`;
    expect(readKafkaSettings(parseProperties(text)).sasl).toEqual({
      mechanism: 'PLAIN',
      username: '$ConnectionString',
      password,
    });
  });

  it('reads client credentials with extensions from the JAAS line', () => {
    const { sasl: sign } = readKafkaSettings({
      ...bootstrap,
      ...sasl,
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': 'https://login.example/token',
      'sasl.jaas.config':
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId='c' clientSecret='s' scope='kafka' extension_logicalCluster='lkc-1';",
    });
    expect(sign).toMatchObject({
      clientId: 'c',
      clientSecret: 's',
      scope: 'kafka',
      extensions: { logicalCluster: 'lkc-1' },
    });
  });

  it("reads Amazon's own example", () => {
    const { sasl: sign } = readKafkaSettings({
      ...bootstrap,
      ...sasl,
      'sasl.mechanism': 'AWS_MSK_IAM',
      'sasl.jaas.config': 'software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName="kafka";',
      'sasl.client.callback.handler.class': 'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
    });
    expect(sign).toEqual({ mechanism: 'AWS_MSK_IAM', region: null, profile: 'kafka' });
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ 'security.protocol': 'TLS' }, /security\.protocol is "TLS"; allowed is PLAINTEXT, SSL/],
    [{ 'sasl.mechansim': 'PLAIN' }, /no setting of Kafka's clients; did you mean sasl\.mechanism\?/],
    [{ 'something.else': '1' }, /something\.else is no setting of Kafka's clients\. Check its spelling/],
    [sasl, /absent, which means GSSAPI \(Kerberos\), which Node\.js cannot speak; use a listener with/],
    [{ ...sasl, 'sasl.mechanism': 'GSSAPI' }, /sasl\.mechanism is GSSAPI \(Kerberos\)/],
    [{ ...sasl, 'sasl.mechanism': 'SCRAM-SHA-1' }, /allowed is PLAIN, SCRAM-SHA-256/],
    [{ ...sasl, 'sasl.mechanism': 'PLAIN' }, /needs a user and a password/],
    [{ 'sasl.username': 'courier' }, /no security\.protocol, so nobody would sign in/],
    [{ 'security.protocol': 'SSL', 'sasl.mechanism': 'PLAIN' }, /signs nobody in; set it to SASL_SSL/],
    [{ 'ssl.cipher.suites': 'x' }, /ssl\.cipher\.suites: Java's names/],
    [{ 'config.providers': 'file' }, /config\.providers: Courier resolves no providers/],
    [{ 'request.timeout.ms': '1s' }, /request\.timeout\.ms is "1s"; allowed is a whole number/],
    [
      { 'security.protocol': 'SSL', 'ssl.enabled.protocols': 'TLSv1' },
      /allowed is TLSv1\.2, TLSv1\.3 or both/,
    ],
    [{ 'security.protocol': 'SSL', 'ssl.key.location': 'k' }, /a client certificate needs both/],
    [{ 'security.protocol': 'SSL', 'ssl.endpoint.identification.algorithm': 'none' }, /allowed is https, or/],
    [
      { ...sasl, 'sasl.mechanism': 'OAUTHBEARER', 'sasl.oauthbearer.assertion.algorithm': 'RS256' },
      /signed assertions are not supported/,
    ],
  ])('is refused with the way out: %j', (properties, expected) => {
    expect(problemsOf(properties).join('\n')).toMatch(expected);
  });

  it.each([
    'ScramLoginModule required username="u" password="s3cret"',
    'ScramLoginModule required username="u" password=s3cret"x;',
    'ScramLoginModule username="u" password="s3cret";',
    'PlainLoginModule required username="u" password="s3cret";',
    'ScramLoginModule required username="u" password="s3cret"; ScramLoginModule required;',
  ])('never shows the JAAS line that is wrong: %s', (jaas) => {
    const problems = problemsOf({ ...sasl, 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': jaas });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^sasl\.jaas\.config/);
    expect(problems[0]).not.toContain('s3cret');
  });

  it('accepts a certificate of any name only where that is said', () => {
    const checks = (properties: Record<string, string>) =>
      readKafkaSettings({ ...bootstrap, 'security.protocol': 'SSL', ...properties }).tls?.checksName;
    expect(checks({})).toBe(true);
    expect(checks({ 'ssl.endpoint.identification.algorithm': 'https' })).toBe(true);
    expect(checks({ 'ssl.endpoint.identification.algorithm': '' })).toBe(false);
  });
});

describe('a properties file', () => {
  it.each([
    ['a=b', { a: 'b' }],
    ['a b', { a: 'b' }],
    ['a : b', { a: 'b' }],
    ['a\\ b=c', { 'a b': 'c' }],
    ['! no\n# no\na=1', { a: '1' }],
    ['a=one \\\n   two', { a: 'one two' }],
    ['a=b\\\\\nc=d', { a: 'b\\', c: 'd' }],
    ['a=\\u00e9\\t', { a: 'é\t' }],
    ['a=', { a: '' }],
    ['a=1\na=2', { a: '2' }],
    ['\uFEFFa=1\r\nb=2', { a: '1', b: '2' }],
    ['a=last \\', { a: 'last ' }],
  ])('%j', (text, expected) => {
    expect(parseProperties(text)).toEqual(expected);
  });
});
