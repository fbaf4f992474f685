import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { AclOperationTypes, AclResourceTypes, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { KafkaBroker } from '@/lib/brokers/kafka/adapter';
import type { FactBatch, InstanceBeat, ReportedFact } from '@/lib/protocol/fact';
import { deadLetterTopicOf } from '@/lib/protocol/topics';
import { grant } from '@/lib/testing/kafka-rights';
import { passwordOf } from '@/lib/testing/test-users';
import { connect, type Problem } from './index';

const running = inject('kafka');
const unique = (word: string) => `${word}-${randomBytes(3).toString('hex')}`;

/** An intake that keeps what it gets, and takes everything. */
async function openIntake() {
  const beats: InstanceBeat[] = [];
  const facts: ReportedFact[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      if (request.url === '/v1/instances') beats.push(body as InstanceBeat);
      if (request.url === '/v1/facts') facts.push(...(body as FactBatch).facts);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url, beats, facts, close, last: () => beats.at(-1)?.subscriptions[0] };
}

describe.skipIf(!running)('what keeps a service from reading', () => {
  const kafka = running!;
  const ends: (() => unknown)[] = [];
  const lines: string[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    lines.length = 0;
  });

  async function open() {
    const intake = await openIntake();
    const admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const warn = vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line));
    ends.push(
      () => warn.mockRestore(),
      intake.close,
      () => admin.disconnect(),
    );
    const problems: Problem[] = [];
    return { intake, admin, problems };
  }

  it('is reported where a right is missing: as a line, to the service and with the heartbeat, until it reads', async () => {
    const { intake, admin, problems } = await open();
    const topic = unique('problem');
    await admin.createTopics({ topics: [{ topic }] });
    await grant(admin, 'guest', AclResourceTypes.TOPIC, topic, AclOperationTypes.ALL);
    const courier = connect({
      service: 'guest-service',
      brokers: [kafka.sasl],
      properties: passwordOf('guest'),
      intakeUrl: intake.url,
      token: 'any',
      onProblem: (problem) => {
        problems.push(problem);
        throw new Error('an observer that fails');
      },
    });
    ends.push(() => courier.close());
    const handled: unknown[] = [];
    const group = `${topic}.group`;
    const handle = ({ payload }: { payload: unknown }) => void handled.push(payload);
    await courier.subscribe({ group, topics: [topic], from: 'beginning', handle });

    await expect
      .poll(
        () => intake.last()?.problems?.find(({ consumer, what }) => consumer === 'main' && what === 'read'),
        { timeout: 20_000 },
      )
      .toMatchObject({
        error: 'KafkaJSGroupCoordinatorNotFound',
        message: 'Failed to find group coordinator; usually the right READ on the group is missing',
      });
    expect(problems).toContainEqual(
      expect.objectContaining({
        what: 'read',
        group,
        consumer: 'main',
        error: 'KafkaJSGroupCoordinatorNotFound',
      }),
    );
    expect(intake.last()?.crashes).toBeGreaterThan(0);
    const about = lines.filter((line) => line.includes(`The consumer of the group ${group} does not read`));
    expect(about, 'one line a minute for each kind').toHaveLength(1);

    await grant(admin, 'guest', AclResourceTypes.GROUP, topic, AclOperationTypes.ALL);
    await courier.publish({ topic, type: 'Any', payload: { text: 'at last' } });
    await expect.poll(() => handled, { timeout: 30_000 }).toEqual([{ text: 'at last' }]);
    await expect
      .poll(() => intake.last()?.problems?.filter(({ consumer }) => consumer === 'main') ?? [], {
        timeout: 20_000,
      })
      .toEqual([]);
    expect(lines).toContain(`Courier: The consumer of the group ${group} reads again.`);

    await courier.publish({ topic, type: 'Any', payload: 'fails' });
    const deadLetters = () => intake.last()?.problems?.find(({ what }) => what === 'dead_letter')?.message;
    await expect.poll(deadLetters, { timeout: 20_000 }).toMatch(/authoriz/i);
    await grant(admin, 'guest', AclResourceTypes.TOPIC, deadLetterTopicOf(group), AclOperationTypes.ALL);
    await admin.createTopics({ topics: [{ topic: deadLetterTopicOf(group) }] });
    await expect.poll(deadLetters, { timeout: 20_000 }).toBeUndefined();
    expect(lines.join()).not.toContain(passwordOf('guest')['sasl.password']);
  });

  it('is no batch that is damaged: its records are reported, and what is behind it is read', async () => {
    const { intake, admin, problems } = await open();
    const topic = unique('damaged');
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    const producer = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    ends.push(() => producer.disconnect());
    const send = (...values: string[]) =>
      producer.send({
        topic,
        compression: CompressionTypes.GZIP,
        messages: values.map((value) => ({ value: JSON.stringify(value) })),
      });
    await send('before');
    await send('damaged', 'damaged too');
    await send('behind');
    damage(path.join(kafka.dataFolder, `${topic}-0`), 1);

    const broker = new KafkaBroker({ name: 'any', addresses: [kafka.address], requestTimeoutMs: 5_000 });
    ends.push(() => broker.close());
    const [answer] = await broker.fetch([{ topic, partition: 0, offset: 0n }], {
      maxBytes: 1_000_000,
      waitMs: 0,
    });
    expect(answer?.records.map(({ offset }) => offset)).toEqual([0n, 3n]);
    expect(answer?.passedOver).toEqual([
      { from: 1n, to: 3n, reason: expect.stringContaining("can't be unpacked with gzip") as string },
    ]);

    const courier = connect({
      service: 'reader',
      brokers: [kafka.address],
      intakeUrl: intake.url,
      token: 'any',
      onProblem: (problem) => problems.push(problem),
    });
    ends.push(() => courier.close());
    const handled: unknown[] = [];
    const group = unique('reader');
    const handle = ({ payload }: { payload: unknown }) => void handled.push(payload);
    await courier.subscribe({ group, topics: [topic], from: 'beginning', handle });
    await expect.poll(() => handled, { timeout: 30_000 }).toEqual(['before', 'behind']);
    expect(problems.map(({ what, error, message }) => `${what} ${error} ${message.split(':')[0]}`)).toEqual([
      `unreadable UnreadableBatchError ${topic}/0/1`,
      `unreadable UnreadableBatchError ${topic}/0/2`,
    ]);
    await expect.poll(() => intake.last()?.unreadable, { timeout: 20_000 }).toBe(2);
    expect(intake.last()?.problems, 'it reads').toBeUndefined();
  });
});

/** Destroys the packed records of one batch of a log; what precedes them in the batch stays as it is. */
function damage(folder: string, batch: number): void {
  const file = path.join(folder, '00000000000000000000.log');
  const log = fs.readFileSync(file);
  let at = 0;
  for (let skipped = 0; skipped < batch; skipped += 1) at += 12 + log.readInt32BE(at + 8);
  const handle = fs.openSync(file, 'r+');
  const end = at + 12 + log.readInt32BE(at + 8);
  fs.writeSync(handle, Buffer.alloc(end - at - 61, 0x5a), 0, end - at - 61, at + 61);
  fs.closeSync(handle);
}
