import { execFile, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@/lib/embedded-postgres/ports';
import { FaultProxy, KAFKA_DIALECT } from './fault-proxy';
import { endProcess, ensureJars, jarsOf, versionOf, waitUntilReady } from './kafka';

const run = promisify(execFile);

/** Three brokers, of which the first is the controller, the group coordinator, and never ends. */
export interface KafkaCluster {
  /** Bootstrap addresses, by node. */
  addresses: string[];
  /** Ends or freezes a broker. */
  signal(node: 2 | 3, signal: NodeJS.Signals): void;
  /** The third broker is reached through this proxy alone. */
  proxy: FaultProxy;
  stop(): Promise<void>;
}

/** Starts three brokers; topics of Kafka itself are on the first. */
export async function startKafkaCluster(): Promise<KafkaCluster> {
  await ensureJars(versionOf());
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-cluster-'));
  const [controller, ...ports] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const proxyPort = await freePort();
  const proxy = new FaultProxy(KAFKA_DIALECT, { host: '127.0.0.1', port: ports[2] ?? 0 }, proxyPort);
  await proxy.listen();
  const children: ChildProcess[] = [];
  const startNode = async (node: number): Promise<void> => {
    const port = ports[node - 1] ?? 0;
    const file = path.join(folder, `server-${node}.properties`);
    fs.writeFileSync(file, properties(folder, node, port, controller, node === 3 ? proxyPort : port));
    const classpath = path.join(jarsOf(versionOf()), '*');
    const format = ['kafka.tools.StorageTool', 'format', '-t', 'courier-cluster-test1', '-c', file];
    await run('java', ['-cp', classpath, ...format]);
    const log = fs.openSync(path.join(folder, `out-${node}.log`), 'a');
    const flags = ['-Xms64m', '-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const child = spawn(
      'java',
      [...flags, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', classpath, 'kafka.Kafka', file],
      { stdio: ['ignore', log, log] },
    );
    process.once('exit', () => child.kill('SIGKILL'));
    children.push(child);
    await waitUntilReady(`127.0.0.1:${port}`, child);
  };
  // The first one alone takes the topics of groups; the others share the rest.
  for (const node of [1, 2, 3]) await startNode(node);
  return {
    addresses: ports.map((port, index) => `127.0.0.1:${index === 2 ? proxyPort : port}`),
    signal: (node, signal) => void children[node - 1]?.kill(signal),
    proxy,
    async stop() {
      children.forEach((child) => child.kill('SIGCONT'));
      await Promise.all(children.toReversed().map(endProcess));
      await proxy.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function properties(
  folder: string,
  node: number,
  port: number,
  controller: number,
  advertised: number,
): string {
  const isController = node === 1;
  return [
    `process.roles=${isController ? 'broker,controller' : 'broker'}`,
    `node.id=${node}`,
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${port}${isController ? `,CONTROLLER://127.0.0.1:${controller}` : ''}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertised}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${folder}/data-${node}`,
    'auto.create.topics.enable=false',
    'default.replication.factor=1',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'group.initial.rebalance.delay.ms=0',
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    'log.cleaner.dedupe.buffer.size=2097152',
    'num.network.threads=1',
    'num.io.threads=2',
    '',
  ].join('\n');
}
