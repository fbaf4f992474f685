import net from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { LagSampler } from '../lib/engine/sampling/sampler';
import { readGroupsNow } from '../lib/store/lag/read-lag';
import { jarsOf, startKafka, versionOf } from '../lib/testing/kafka';
import type { Context } from '../lib/context/context';
import { JavaAdmin } from '../test/referee/admin';
import { quantile, round, timed, type Row } from './bench';
import { startStore } from './store';

const GROUPS = 1_000;
const PARTITIONS = 10;
const TOPICS_AT_ONCE = 100;
/** One partition in so many has records. */
const WRITTEN = 10;
const SWEEPS = 5;
const topicOf = (number: number) => `sweep-${number}`;

/** One sample of 1,000 groups on 10,000 partitions of a real Kafka, against one call for each group by kafkajs. */
export async function bench(): Promise<Row[]> {
  const kafka = await startKafka();
  const [, port = ''] = kafka.proxied.split(':');
  const counter = await count(kafka.proxyPort, Number(port));
  const store = await startStore();
  try {
    const address = `127.0.0.1:${kafka.proxyPort}`;
    const context = await store.open('lag_sweep', { COURIER_BROKERS: `kafka://${address}` });
    await fill(context, kafka.address);
    const sampler = new LagSampler(context);
    await sampler.sample();
    const times: number[] = [];
    const before = counter.read();
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) times.push(await timed(() => sampler.sample()));
    const ours = difference(counter.read(), before, SWEEPS);
    const measured = (await readGroupsNow(context.store, context.cluster.id)).length;
    if (measured < GROUPS) throw new Error(`only ${measured} of ${GROUPS} groups were measured`);
    const began = counter.read();
    const theirMs = await timed(() => oneByOne(address));
    const theirs = difference(counter.read(), began, 1);
    const ms = quantile(
      times.sort((a, b) => a - b),
      0.5,
    );
    const what = `${GROUPS} groups, ${GROUPS * PARTITIONS} partitions`;
    return [
      {
        what: `a sample of ${what}, judged and stored`,
        courier: `${round(ms / 1_000)} s (worst ${round((times.at(-1) ?? 0) / 1_000)})`,
        against: `${round(theirMs / 1_000)} s (kafkajs, one call a group)`,
        ratio: `${round(theirMs / ms, 1)}x`,
        goal: '<= 10 s',
      },
      {
        what: `requests of a sample of ${what}`,
        courier: String(ours.requests),
        against: `${theirs.requests} (kafkajs, one call a group)`,
        ratio: `${round(theirs.requests / ours.requests, 0)}x fewer`,
        goal: '-',
      },
      {
        what: `bytes of a sample of ${what}`,
        courier: `${round(ours.bytes / 1_024, 0)} KiB`,
        against: `${round(theirs.bytes / 1_024, 0)} KiB (kafkajs, one call a group)`,
        ratio: `${round(theirs.bytes / ours.bytes, 1)}x fewer`,
        goal: '-',
      },
    ];
  } finally {
    await store.stop();
    counter.close();
    await kafka.stop();
  }
}

async function fill(context: Context, address: string): Promise<void> {
  for (let from = 0; from < GROUPS; from += TOPICS_AT_ONCE)
    await context.broker.createTopics(
      Array.from({ length: TOPICS_AT_ONCE }, (_, index) => ({
        name: topicOf(from + index),
        partitions: PARTITIONS,
      })),
    );
  const admin = await JavaAdmin.start(address, jarsOf(versionOf()));
  for (let number = 0; number < GROUPS; number += 1) {
    const topic = topicOf(number);
    await context.broker.publish(
      [0, 1, 2].map(() => ({
        topic,
        partition: number % WRITTEN,
        key: null,
        value: Buffer.from('x'),
        headers: [],
      })),
    );
    for (let partition = 0; partition < PARTITIONS; partition += 1)
      admin.commit(`group-${number}`, topic, partition, 0);
  }
  await admin.numbers([`group-${GROUPS - 1}`]);
  await admin.stop();
}

/** What a program does that asks for each group by itself. */
async function oneByOne(address: string): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  for (let number = 0; number < GROUPS; number += 1) {
    await admin.describeGroups([`group-${number}`]);
    await admin.fetchOffsets({ groupId: `group-${number}`, topics: [topicOf(number)] });
    await admin.fetchTopicOffsets(topicOf(number));
  }
  await admin.disconnect();
}

interface Traffic {
  requests: number;
  bytes: number;
}

function difference(after: Traffic, before: Traffic, runs: number): Traffic {
  return {
    requests: Math.round((after.requests - before.requests) / runs),
    bytes: Math.round((after.bytes - before.bytes) / runs),
  };
}

/** Passes connections on and counts requests, which are frames with a length of 32 bits, and bytes of both directions. */
async function count(port: number, target: number): Promise<{ read(): Traffic; close(): void }> {
  const traffic = { requests: 0, bytes: 0 };
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const broker = net.connect(target, '127.0.0.1');
    let left = 0;
    let head: Buffer = Buffer.alloc(0);
    client.on('data', (bytes) => {
      traffic.bytes += bytes.length;
      let rest: Buffer = Buffer.concat([head, bytes]);
      head = Buffer.alloc(0);
      while (rest.length > 0) {
        if (left === 0) {
          if (rest.length < 4) {
            head = rest;
            break;
          }
          left = rest.readInt32BE(0);
          traffic.requests += 1;
          rest = rest.subarray(4);
        }
        const taken = Math.min(left, rest.length);
        left -= taken;
        rest = rest.subarray(taken);
      }
      broker.write(bytes);
    });
    broker.on('data', (bytes) => {
      traffic.bytes += bytes.length;
      client.write(bytes);
    });
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    read: () => ({ ...traffic }),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
