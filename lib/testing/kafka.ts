import { execFile, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '@/lib/embedded-postgres/ports';

const run = promisify(execFile);
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'courier', 'kafka');

interface ListenerLists {
  listeners: string;
  advertised: string;
}
/** Further settings of a broker, which may open one more listener. @param port of that listener */
type MoreSettings = (port: number, lists: ListenerLists) => string[];

export interface TestKafka {
  address: string;
  /** Of the listener that only the caller's own settings open. */
  further: string;
  /** A second listener that tells its clients to come through `proxyPort`; a test puts its fault proxy there. */
  proxied: string;
  proxyPort: number;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
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

/**
 * Starts one Apache Kafka broker (KRaft) from its own jars on free ports; it ends with `stop`.
 * @param more settings of the broker that come last
 */
export async function startKafka(more: MoreSettings = () => []): Promise<TestKafka> {
  const version = versionOf();
  await ensureJars(version);
  let failure: unknown;
  // A port that was free may be taken by the time the broker binds it.
  for (let tried = 0; tried < 3; tried += 1) {
    try {
      return await startOnce(version, more);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function versionOf(): string {
  return process.env.KAFKA_VERSION ?? '4.3.1';
}

function jarsOf(version: string): string {
  return path.join(CACHE, version);
}

async function ensureJars(version: string): Promise<void> {
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

async function startOnce(version: string, more: MoreSettings): Promise<TestKafka> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-kafka-'));
  const [plain, controller, proxied, proxyPort, further] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const file = path.join(folder, 'server.properties');
  const lists = {
    listeners: `PLAINTEXT://127.0.0.1:${plain},PROXIED://127.0.0.1:${proxied},CONTROLLER://127.0.0.1:${controller}`,
    advertised: `PLAINTEXT://127.0.0.1:${plain},PROXIED://127.0.0.1:${proxyPort}`,
  };
  // A setting that is named twice counts as it is named last.
  const lines = [...properties(folder, controller, lists, version), ...more(further, lists), ''];
  fs.writeFileSync(file, lines.join('\n'));
  const classpath = path.join(jarsOf(version), '*');
  await run('java', [
    '-cp',
    classpath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    'courier-test',
    '-c',
    file,
  ]);
  const log = fs.openSync(path.join(folder, 'out.log'), 'a');
  const flags = ['-Xms64m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  const child = spawn('java', [...flags, logging, '-cp', classpath, 'kafka.Kafka', file], {
    stdio: ['ignore', log, log],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await waitUntilReady(`127.0.0.1:${plain}`, child);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(
      `Kafka did not start: ${fs.readFileSync(path.join(folder, 'out.log'), 'utf8').slice(-2000)}`,
      { cause: error },
    );
  }
  return {
    address: `127.0.0.1:${plain}`,
    further: `127.0.0.1:${further}`,
    proxied: `127.0.0.1:${proxied}`,
    proxyPort,
    kill: (signal) => child.kill(signal),
    async stop() {
      process.off('exit', kill);
      await endProcess(child);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function properties(folder: string, controller: number, lists: ListenerLists, version: string): string[] {
  const share = version.startsWith('3.')
    ? []
    : ['share.coordinator.state.topic.replication.factor=1', 'share.coordinator.state.topic.min.isr=1'];
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=${lists.listeners}`,
    `advertised.listeners=${lists.advertised}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
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

/** Ready means that topics can be made and that a group's coordinator answers, which a fresh broker takes a while for. */
async function waitUntilReady(address: string, child: ChildProcess): Promise<void> {
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
