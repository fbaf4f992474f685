import { execFile, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '@/lib/embedded-postgres/ports';
import { makeCertificates, STORE_PASSWORD, type Certificates } from './certificates';
import { signInOf, TEST_USERS } from './test-users';
import { startTokenEndpoint } from './token-endpoint';

const run = promisify(execFile);
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'courier', 'kafka');

/** What clients of the listeners with TLS need, good and bad. */
export interface ClientFiles extends Certificates {
  /** Of the stores. */
  passphrase: string;
}

/** One Apache Kafka with every kind of listener. Who comes without a name may do everything. */
export interface TestKafka {
  /** Plaintext, without a name. */
  address: string;
  /** A second plaintext listener that advertises `proxyPort` to its clients; a test runs its fault proxy on that port. */
  proxied: string;
  proxyPort: number;
  tls: string;
  /** TLS that asks for a client's certificate. */
  mtls: string;
  /** SASL PLAIN and SCRAM over plaintext, and over TLS; see `test-users.ts` for the users. */
  sasl: string;
  saslTls: string;
  /** As `sasl`, with sessions of `SESSION_MS`. */
  shortSasl: string;
  /** SASL OAUTHBEARER over TLS, with tokens of `tokenUrl`. */
  oauth: string;
  tokenUrl: string;
  /** TLS with a certificate that expired, one that is not valid yet, one of another name. */
  expired: string;
  future: string;
  named: string;
  /** Plaintext listeners that advertise a port where nothing listens, and an unknown name. */
  gone: string;
  unnamed: string;
  files: ClientFiles;
  /** Folder of the partitions' logs; a test may damage one. */
  dataFolder: string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** The part of a Kafka that other processes receive. */
export type KafkaAddresses = Omit<TestKafka, 'kill' | 'stop'>;

/** The listeners by name, with their security protocols. */
const LISTENERS = {
  PLAINTEXT: 'PLAINTEXT',
  PROXIED: 'PLAINTEXT',
  TLS: 'SSL',
  MTLS: 'SSL',
  SASL: 'SASL_PLAINTEXT',
  SASLTLS: 'SASL_SSL',
  SHORTSASL: 'SASL_PLAINTEXT',
  OAUTH: 'SASL_SSL',
  EXPIRED: 'SSL',
  FUTURE: 'SSL',
  NAMED: 'SSL',
  GONE: 'PLAINTEXT',
  UNNAMED: 'PLAINTEXT',
  CONTROLLER: 'PLAINTEXT',
} as const;
type Ports = Record<keyof typeof LISTENERS, number>;
/** How long a session of the listener with short ones lasts. */
export const SESSION_MS = 2_000;
const NAMES = Object.keys(LISTENERS) as (keyof typeof LISTENERS)[];
/** A UUID in base64url, as old releases require. */
const CLUSTER_ID = 'Y291cmllci10ZXN0LTAwMA';

/** Releases before 3.5 have no SCRAM in KRaft, and 2.8 no authorizer: they get plaintext listeners alone. */
function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minor < 5);
}

/** Why Apache Kafka can't be started here, in words; null when it can. */
export async function whyNoKafka(): Promise<string | null> {
  try {
    await run('java', ['-version']);
  } catch {
    return 'Java is missing: install a JRE 17 or newer (Debian: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk).';
  }
  if (fs.existsSync(jarsOf(versionOf()))) return null;
  try {
    await run('mvn', ['-v']);
    return null;
  } catch {
    return 'Maven is missing: install it (Debian: apt-get install maven; macOS: brew install maven).';
  }
}

/** Starts one Apache Kafka broker (KRaft) from its own jars on free ports; it ends with `stop`. */
export async function startKafka(): Promise<TestKafka> {
  const version = versionOf();
  await ensureJars(version);
  let failure: unknown;
  // A port that was free may be taken by the time the broker binds it.
  for (let tried = 0; tried < 3; tried += 1) {
    try {
      return await startOnce(version);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The release of Kafka that tests run on. */
export function versionOf(): string {
  return process.env.KAFKA_VERSION ?? '4.3.1';
}

/** The folder of a release's jars. */
export function jarsOf(version: string): string {
  return path.join(CACHE, version);
}

/** Puts the broker's jars into the cache. */
export async function ensureJars(version: string): Promise<void> {
  const jars = jarsOf(version);
  if (fs.existsSync(jars)) return;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-jars-'));
  fs.copyFileSync(path.join(import.meta.dirname, 'kafka-pom.xml'), path.join(folder, 'pom.xml'));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}/lib`];
  await run('mvn', ['-B', '-ntp', '-q', `-Dkafka.version=${version}`, ...goal], { cwd: folder });
  fs.mkdirSync(CACHE, { recursive: true });
  try {
    fs.renameSync(path.join(folder, 'lib'), jars);
  } catch {
    fs.cpSync(path.join(folder, 'lib'), `${jars}.part`, { recursive: true });
    fs.renameSync(`${jars}.part`, jars);
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

async function startOnce(version: string): Promise<TestKafka> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-kafka-'));
  const certificates = await makeCertificates(path.join(CACHE, 'certificates-2'));
  const ports = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await freePort()] as const)),
  ) as Ports;
  const proxyPort = await freePort();
  const deadPort = await freePort();
  const tokens = await startTokenEndpoint();
  const file = path.join(folder, 'server.properties');
  const lines = [
    ...properties(folder, ports, { proxyPort, deadPort }, version),
    ...(isOld(version) ? [] : security(certificates, tokens.url)),
    '',
  ];
  fs.writeFileSync(file, lines.join('\n'));
  const classpath = path.join(jarsOf(version), '*');
  const formatting = run('java', [
    '-cp',
    classpath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    CLUSTER_ID,
    '-c',
    file,
    ...(isOld(version) ? [] : scramUsers()),
  ]);
  await formatting.catch(async (error: unknown) => {
    await tokens.stop();
    throw error;
  });
  const log = fs.openSync(path.join(folder, 'out.log'), 'a');
  const flags = ['-Xms64m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  // Without it a broker does not fetch the keys of tokens.
  const keys = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokens.url}/jwks`;
  const child = spawn('java', [...flags, logging, keys, '-cp', classpath, 'kafka.Kafka', file], {
    stdio: ['ignore', log, log],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await waitUntilReady(`127.0.0.1:${ports.PLAINTEXT}`, child);
  } catch (error) {
    child.kill('SIGKILL');
    await tokens.stop();
    throw new Error(
      `Kafka did not start: ${fs.readFileSync(path.join(folder, 'out.log'), 'utf8').slice(-2000)}`,
      { cause: error },
    );
  }
  const at = (name: keyof Ports) => `127.0.0.1:${ports[name]}`;
  return {
    address: at('PLAINTEXT'),
    proxied: at('PROXIED'),
    proxyPort,
    tls: at('TLS'),
    mtls: at('MTLS'),
    sasl: at('SASL'),
    saslTls: at('SASLTLS'),
    shortSasl: at('SHORTSASL'),
    oauth: at('OAUTH'),
    tokenUrl: `${tokens.url}/token`,
    expired: at('EXPIRED'),
    future: at('FUTURE'),
    named: at('NAMED'),
    gone: at('GONE'),
    unnamed: at('UNNAMED'),
    files: { ...certificates, passphrase: STORE_PASSWORD },
    dataFolder: `${folder}/data`,
    kill: (signal) => child.kill(signal),
    async stop() {
      process.off('exit', kill);
      await endProcess(child);
      await tokens.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function properties(
  folder: string,
  ports: Ports,
  { proxyPort, deadPort }: { proxyPort: number; deadPort: number },
  version: string,
): string[] {
  const share = /^[23]\./.test(version)
    ? []
    : ['share.coordinator.state.topic.replication.factor=1', 'share.coordinator.state.topic.min.isr=1'];
  const listener = (name: keyof Ports, port = ports[name]) => `${name}://127.0.0.1:${port}`;
  const elsewhere: Partial<Record<keyof Ports, string>> = {
    PROXIED: listener('PROXIED', proxyPort),
    GONE: listener('GONE', deadPort),
    UNNAMED: 'UNNAMED://kafka-0.kafka.svc.invalid:9092',
  };
  const names = isOld(version) ? (['PLAINTEXT', 'PROXIED', 'CONTROLLER'] as const) : NAMES;
  const advertised = names
    .filter((name) => name !== 'CONTROLLER')
    .map((name) => elsewhere[name] ?? listener(name));
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${ports.CONTROLLER}`,
    `listeners=${names.map((name) => listener(name)).join(',')}`,
    `advertised.listeners=${advertised.join(',')}`,
    `listener.security.protocol.map=${names.map((name) => `${name}:${LISTENERS[name]}`).join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${folder}/data`,
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'broker.session.timeout.ms=1000',
    'broker.heartbeat.interval.ms=250',
    'log.cleaner.dedupe.buffer.size=2097152',
    'num.network.threads=2',
    'num.io.threads=4',
    ...share,
  ];
}

/** Who may come by which listener, and what they may do: nothing, until a test grants it. */
function security(files: Certificates, tokenUrl: string): string[] {
  const store = (name: string, kind: 'key' | 'trust', file: string) => [
    `listener.name.${name}.ssl.${kind}store.type=PKCS12`,
    `listener.name.${name}.ssl.${kind}store.location=${file}`,
    `listener.name.${name}.ssl.${kind}store.password=${STORE_PASSWORD}`,
  ];
  const certificates = {
    ...{ tls: files.server, mtls: files.server, sasltls: files.server, oauth: files.server },
    ...{ expired: files.expired, future: files.future, named: files.named },
  };
  return [
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users=User:ANONYMOUS;User:root',
    'allow.everyone.if.no.acl.found=false',
    ...Object.entries(certificates).flatMap(([name, file]) => [
      ...store(name, 'key', file),
      `listener.name.${name}.ssl.key.password=${STORE_PASSWORD}`,
    ]),
    ...store('mtls', 'trust', files.trust),
    'listener.name.mtls.ssl.client.auth=required',
    ...['sasl', 'sasltls', 'shortsasl'].flatMap(passwords),
    ...['plain', 'scram-sha-256', 'scram-sha-512'].map(
      (mechanism) => `listener.name.shortsasl.${mechanism}.connections.max.reauth.ms=${SESSION_MS}`,
    ),
    ...tokensOf('oauth', tokenUrl),
  ];
}

/** A listener that users sign in to by PLAIN or SCRAM. */
function passwords(name: string): string[] {
  // A line of JAAS is quoted, and a properties file takes off one backslash.
  const users = TEST_USERS.map((user) => `user_${user}="${signInOf(user).password}"`).join(' ');
  const modules = 'org.apache.kafka.common.security';
  return [
    `listener.name.${name}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512`,
    `listener.name.${name}.plain.sasl.jaas.config=${modules}.plain.PlainLoginModule required ${users};`,
    ...['scram-sha-256', 'scram-sha-512'].map(
      (mechanism) =>
        `listener.name.${name}.${mechanism}.sasl.jaas.config=${modules}.scram.ScramLoginModule required;`,
    ),
  ];
}

/** A listener that takes tokens for the audience `kafka`. */
function tokensOf(name: string, tokenUrl: string): string[] {
  const oauth = `listener.name.${name}.oauthbearer`;
  const classes = 'org.apache.kafka.common.security.oauthbearer';
  return [
    `listener.name.${name}.sasl.enabled.mechanisms=OAUTHBEARER`,
    `${oauth}.sasl.jaas.config=${classes}.OAuthBearerLoginModule required;`,
    `${oauth}.sasl.server.callback.handler.class=${classes}.OAuthBearerValidatorCallbackHandler`,
    `${oauth}.sasl.oauthbearer.jwks.endpoint.url=${tokenUrl}/jwks`,
    `${oauth}.sasl.oauthbearer.expected.audience=kafka`,
    `${oauth}.sasl.oauthbearer.clock.skew.seconds=1`,
    `${oauth}.connections.max.reauth.ms=60000`,
  ];
}

/** SCRAM passwords are among the cluster's metadata from its first start on. */
function scramUsers(): string[] {
  return TEST_USERS.flatMap((user) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '-S',
      `${mechanism}=[name=${user},password="${signInOf(user).password}"]`,
    ]),
  );
}

/** Ready means that topics can be made and that a group's coordinator answers, which a fresh broker takes a while for. */
export async function waitUntilReady(address: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  const kafka = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 500,
    retry: { retries: 0 },
  });
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { brokers, controller } = await admin.describeCluster();
      if (brokers.length > 0 && controller !== null) {
        await admin.fetchOffsets({ groupId: 'courier-warm-up' });
        return;
      }
    } catch (error) {
      if (child.exitCode !== null) throw error;
      if (Date.now() > deadline) throw error;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ends a process: politely, and after ten seconds for certain. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

/** Returns the part of a Kafka that other processes receive. */
export function addressesOf(kafka: TestKafka): KafkaAddresses {
  // What is left of it as JSON: its functions are of this process.
  return JSON.parse(JSON.stringify(kafka)) as KafkaAddresses;
}
