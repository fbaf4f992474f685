import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { KafkaBroker } from './adapter';
import { openConnection } from '@/lib/kafka-client/connect/connection';
import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

const kafka = inject('kafka');
// KIP-848 is on without a setting from 4.0, share groups from 4.2.
const isNew = !(process.env.KAFKA_VERSION ?? '4').startsWith('3.');

describe.skipIf(!kafka)('groups of Apache Kafka', () => {
  it('tells a group that only has positions as a classic one', async () => {
    const address = kafka?.address ?? '';
    const broker = new KafkaBroker({ name: 'test', addresses: [address], requestTimeoutMs: 5_000 });
    const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
    const topic = `classic-groups-${randomUUID().slice(0, 8)}`;
    await broker.createTopics([{ name: topic, partitions: 1 }]);
    await admin.connect();
    await admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '0' }] });
    const [found] = await broker.describeGroups(await listed(broker, topic));
    expect(found).toMatchObject({ name: topic, type: 'classic', state: 'Empty', members: [] });
    await Promise.all([admin.disconnect(), broker.close()]);
  });
});

// An older Kafka has none, so there nothing is left out.
if (isNew) describe.skipIf(!kafka)('groups of the new protocols on Apache Kafka', tellNewGroups);

function tellNewGroups() {
  const open = async () => {
    const address = kafka?.address ?? '';
    const broker = new KafkaBroker({ name: 'test', addresses: [address], requestTimeoutMs: 5_000 });
    const [host = '', port] = address.split(':');
    const connection = await openConnection(
      { host, port: Number(port) },
      { clientId: 'test', tls: null, signIn: null, connectTimeoutMs: 3_000, requestTimeoutMs: 5_000 },
    );
    const topic = `new-groups-${randomUUID().slice(0, 8)}`;
    await broker.createTopics([{ name: topic, partitions: 2 }]);
    return {
      broker,
      topic,
      async join(group: string, request: (member: string, epoch: number) => WireRequest<Heartbeat>) {
        const member = randomUUID();
        let epoch = 0;
        // The coordinator may still be loading, and an assignment takes more than one heartbeat.
        await expect
          .poll(
            async () => {
              // There is one broker, so it coordinates every group.
              const answer = await connection.send(request(member, epoch));
              if (answer.error === 0) epoch = answer.epoch;
              const [described] = await broker.describeGroups(await listed(broker, group));
              return described?.members?.flatMap((member) => member.assignment) ?? [];
            },
            { timeout: 30_000 },
          )
          .toEqual([{ topic, partitions: [0, 1] }]);
        return member;
      },
      send: (request: WireRequest<Heartbeat>) => connection.send(request),
      async close() {
        connection.close();
        await broker.close();
      },
    };
  };

  it('tells a live group of KIP-848 with its members and what they hold', async () => {
    const bench = await open();
    const group = `${bench.topic}.consumer`;
    const member = await bench.join(group, (id, epoch) => consumerHeartbeat(group, id, epoch, bench.topic));
    const [found] = await bench.broker.describeGroups(await listed(bench.broker, group));
    expect(found).toMatchObject({
      name: group,
      type: 'consumer',
      state: 'Stable',
      members: [{ id: member }],
    });
    await bench.close();
  });

  it('tells a live share group with its members', async () => {
    const bench = await open();
    const group = `${bench.topic}.share`;
    const member = await bench.join(group, (id, epoch) => shareHeartbeat(group, id, epoch, bench.topic));
    const groups = await listed(bench.broker, group);
    const [found] = await bench.broker.describeGroups(groups);
    expect(found).toMatchObject({ name: group, type: 'share', state: 'Stable', members: [{ id: member }] });
    // It has acknowledged nothing. Courier still reads the positions that the broker reports, and none is negative.
    const { positions } = await bench.broker.positions(groups);
    expect(
      positions.every((position) => (position.offset ?? -1n) >= 0n && position.topic === bench.topic),
    ).toBe(true);
    await bench.close();
  });

  it('tells a live Kafka Streams group with its members and the topics that their tasks read', async () => {
    const bench = await open();
    const group = `${bench.topic}.streams`;
    const member = await bench.join(group, (id, epoch) => streamsHeartbeat(group, id, epoch, bench.topic));
    const [found] = await bench.broker.describeGroups(await listed(bench.broker, group));
    expect(found).toMatchObject({ name: group, type: 'streams', members: [{ id: member }] });
    await bench.close();
  });

  it('refuses to move positions of a group of KIP-848 while it has members, and moves them afterwards', async () => {
    const bench = await open();
    const group = `${bench.topic}.moved`;
    const member = await bench.join(group, (id, epoch) => consumerHeartbeat(group, id, epoch, bench.topic));
    const to = [{ topic: bench.topic, partition: 0, offset: 0n }];
    const move = () => bench.broker.movePositions({ name: group, type: 'consumer' }, to);
    expect(await move()).toMatchObject([{ outcome: 'refused', why: 'has_members' }]);
    await bench.send(consumerHeartbeat(group, member, LEAVE, bench.topic));
    await expect.poll(move).toEqual([{ outcome: 'moved' }]);
    await bench.close();
  });

  it('moves the positions of a share group by its own request, once it has no members', async () => {
    const bench = await open();
    const group = `${bench.topic}.shared`;
    await bench.broker.publish([
      { topic: bench.topic, partition: 1, key: null, value: Buffer.from('x'), headers: [] },
    ]);
    const member = await bench.join(group, (id, epoch) => shareHeartbeat(group, id, epoch, bench.topic));
    const to = [{ topic: bench.topic, partition: 1, offset: 0n }];
    const move = () => bench.broker.movePositions({ name: group, type: 'share' }, to);
    expect(await move()).toMatchObject([{ outcome: 'refused', why: 'has_members' }]);
    await bench.send(shareHeartbeat(group, member, LEAVE, bench.topic));
    await expect.poll(move, { timeout: 15_000 }).toEqual([{ outcome: 'moved' }]);
    const { positions } = await bench.broker.positions(await listed(bench.broker, group));
    expect(positions.find(({ partition }) => partition === 1)).toMatchObject({ offset: 0n, lag: 1n });
    await bench.close();
  });

  it('says unknown, not none, of a group that is no longer what it was listed as', async () => {
    const bench = await open();
    const group = `${bench.topic}.changed`;
    await bench.join(group, (id, epoch) => consumerHeartbeat(group, id, epoch, bench.topic));
    expect(
      await bench.broker.describeGroups([{ name: group, type: 'classic', state: 'Stable' }]),
    ).toMatchObject([{ name: group, members: null }]);
    await bench.close();
  });
}

/** The epoch of a member that leaves. */
const LEAVE = -1;

interface Heartbeat {
  error: number;
  epoch: number;
}

async function listed(broker: KafkaBroker, group: string) {
  return (await broker.groups()).groups.filter((item) => item.name === group);
}

/** ConsumerGroupHeartbeat v0: what a consumer of the new protocol sends to join and to stay. */
function consumerHeartbeat(
  group: string,
  member: string,
  epoch: number,
  topic: string,
): WireRequest<Heartbeat> {
  const isJoining = epoch === 0;
  const body = new WireWriter().noTags().compactString(group).compactString(member).int32(epoch);
  body.compactString(null).compactString(null);
  body.int32(isJoining ? 60_000 : -1);
  body.compactArray(isJoining ? [topic] : null, (name) => body.compactString(name));
  body.compactString(null);
  body.compactArray(isJoining ? [] : null, () => undefined);
  return heartbeat(68, 0, 'ConsumerGroupHeartbeat', body);
}

/** ShareGroupHeartbeat v1. */
function shareHeartbeat(group: string, member: string, epoch: number, topic: string): WireRequest<Heartbeat> {
  const body = new WireWriter().noTags().compactString(group).compactString(member).int32(epoch);
  body.compactString(null);
  body.compactArray(epoch === 0 ? [topic] : null, (name) => body.compactString(name));
  return heartbeat(76, 1, 'ShareGroupHeartbeat', body);
}

/** StreamsGroupHeartbeat v0, of an application that has one subtopology and no state. */
function streamsHeartbeat(
  group: string,
  member: string,
  epoch: number,
  topic: string,
): WireRequest<Heartbeat> {
  const isJoining = epoch === 0;
  const none = () => undefined;
  const body = new WireWriter().noTags().compactString(group).compactString(member).int32(epoch).int32(0);
  body.compactString(null).compactString(null);
  body.int32(isJoining ? 60_000 : -1);
  body.int8(isJoining ? 1 : -1);
  if (isJoining)
    body
      .int32(0)
      .compactArray(['only'], (id) => {
        body.compactString(id).compactArray([topic], (name) => body.compactString(name));
        for (let list = 0; list < 5; list += 1) body.compactArray([], none);
        body.noTags();
      })
      .noTags();
  for (let tasks = 0; tasks < 3; tasks += 1) body.compactArray(isJoining ? [] : null, none);
  body.compactString(isJoining ? member : null).int8(-1);
  body
    .compactArray(isJoining ? [] : null, none)
    .compactArray(null, none)
    .compactArray(null, none)
    .int8(0);
  return heartbeat(88, 0, 'StreamsGroupHeartbeat', body);
}

function heartbeat(
  apiKey: number,
  apiVersion: number,
  apiName: string,
  body: WireWriter,
): WireRequest<Heartbeat> {
  return {
    apiKey,
    apiName,
    least: apiVersion,
    most: apiVersion,
    write: () => body.noTags().toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      const error = reader.int16();
      reader.compactString();
      reader.compactString();
      return { error, epoch: reader.int32() };
    },
  };
}
