import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readRecord } from '@/lib/operations/messages/read-record';
import { browseTopic } from '@/lib/operations/topics/browse';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { newId } from '@/lib/testing/facts';

const DAY_MS = 86_400_000;

describe.skipIf(!inject('kafka'))('a record by its place', () => {
  const address = inject('kafka')?.address ?? '';
  const topic = `place-${newId().slice(-8)}`;
  const client = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  let courier: TestCourier;

  beforeAll(async () => {
    await admin.connect();
    const keeps = [{ name: 'retention.ms', value: '-1' }];
    await admin.createTopics({ topics: [{ topic, configEntries: keeps }] });
    const producer = client.producer();
    await producer.connect();
    const old = { timestamp: String(Date.now() - 60 * DAY_MS) };
    await producer.send({
      topic,
      messages: [
        {
          ...old,
          key: 'config',
          value: '{"a":1}',
          headers: { 'trace-id': Buffer.from('550e8400e29b41d4a716446655440000', 'hex') },
        },
        { ...old, key: Buffer.from([0, 0, 0, 42]), value: null },
        { ...old, key: 'java', value: Buffer.from('aced000573720003', 'hex') },
      ],
    });
    await producer.disconnect();
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(async () => {
    await courier.stop();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });

  const at = (offset: string, partition = '0') =>
    readRecord.call(courier.context, courier.operator, { name: topic, partition, offset });

  it('is shown whatever its age is and whether it is indexed', async () => {
    expect((await at('0')).record).toMatchObject({
      key: { as: 'text', text: 'config' },
      headers: [{ name: 'trace-id', as: 'uuid', text: '550e8400-e29b-41d4-a716-446655440000' }],
      value: { state: 'json', text: '{"a":1}' },
    });
    expect((await at('1')).record).toMatchObject({
      key: { as: 'integer', text: '42' },
      value: { state: 'null' },
    });
    expect((await at('2')).record).toMatchObject({ value: { state: 'java', text: null } });
    const { records } = await browseTopic.call(courier.context, courier.operator, { name: topic });
    expect(records.map(({ key, size }) => [key, size])).toEqual([
      ['java', 8],
      ['42', null],
      ['config', 7],
    ]);
  });

  it('is said to be absent with the reason', async () => {
    expect(await at('3')).toMatchObject({ absent: 'not_yet', log: { start: '0', end: '3' }, record: null });
    // kafkajs finds the leader only of topics it has asked for before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] });
    expect(await at('0')).toMatchObject({ absent: 'before_start', nextOffset: '1' });
    await expect(at('0', '7')).rejects.toThrow(/has no partition 7 .*; it has 0 to 0/);
    await expect(at('minus')).rejects.toThrow(/an offset as decimal text/);
  });

  it('shows its payload to nobody who may not read payloads', async () => {
    const { context } = courier;
    const nobody = { id: null, name: 'anonymous', role: 'anonymous' as const };
    await expect(
      readRecord.call(context, nobody, { name: topic, partition: '0', offset: '1' }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/not_(allowed|signed_in)|unauth/) as string });
  });
});
