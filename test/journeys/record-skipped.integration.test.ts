import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { getGroup } from '@/lib/operations/groups/get';
import { skipRecord } from '@/lib/operations/groups/skip-record';
import { getMessage } from '@/lib/operations/messages/get';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { brokersUnderTest } from '@/lib/testing/fixtures';
import { commitPosition } from '@/lib/testing/commit-position';

const LATE = { timeout: 40_000 };

describe.each(brokersUnderTest())('a record that an operator has skipped: %s', (name, address) => {
  let courier: TestCourier;
  const topic = `skipped-${name}-${randomBytes(3).toString('hex')}`;
  const group = `${topic}.billing`;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(() => courier.stop());

  const look = () => getGroup.call(courier.context, courier.operator, { name: group });
  const skip = (offset: string) =>
    skipRecord.call(courier.context, courier.operator, {
      name: group,
      topic,
      partition: 0,
      offset,
      reason: 'the bank does not answer',
    });

  it('frees the records behind a handler that hangs, goes to the dead letters, and is a failure with its reason', async () => {
    const service = courier.connect('orders');
    await service.createTopics([{ name: topic, partitions: 1 }]);
    const handled: string[] = [];
    let isHanging = false;
    await courier.connect('billing').subscribe<{ what: string }>({
      group,
      topics: [topic],
      from: 'beginning',
      concurrency: 1,
      handle: async ({ payload }) => {
        if (payload.what === 'hang') {
          isHanging = true;
          await new Promise(() => undefined);
        }
        handled.push(payload.what);
      },
    });
    await service.publish({ topic, type: 'T', key: 'one-key', payload: { what: 'before' } });
    const hanging = await service.publish({ topic, type: 'T', key: 'one-key', payload: { what: 'hang' } });
    await service.publish({ topic, type: 'T', key: 'one-key', payload: { what: 'behind' } });
    await service.publish({ topic, type: 'T', key: 'another', payload: { what: 'beside' } });
    await expect.poll(() => isHanging, LATE).toBe(true);
    await expect.poll(async () => (await look()).partitions[0]?.committed, LATE).toBe('1');
    await expect(skip('0')).rejects.toThrow(/is not at .*\/0\/0 any more; its position is 1/);
    expect((await look()).canSkip).toBe(true);

    const { id } = await skip('1');
    expect((await look()).skips).toMatchObject([{ id, by: 'mei', offset: '1', state: 'open' }]);
    await expect.poll(() => handled, LATE).toEqual(expect.arrayContaining(['before', 'behind', 'beside']));
    await expect.poll(async () => (await look()).skips[0]?.state, LATE).toBe('done');
    expect((await look()).skips[0]?.doneBy).toContain('billing@');
    const read = () => getMessage.call(courier.context, courier.operator, { id: hanging.id });
    await expect
      .poll(async () => (await read().catch(() => null))?.deliveries[0]?.status, LATE)
      .toBe('HANDLE_FAIL');
    expect((await read()).deliveries[0]).toMatchObject({
      group,
      error: { type: 'SkippedByOperator', message: 'Skipped by mei: the bank does not answer' },
    });
    const { rows } = await courier.context.store.query(
      "SELECT reason, detail FROM audit_entry WHERE operation = 'groups.skip-record'",
    );
    expect(rows).toMatchObject([{ reason: 'the bank does not answer', detail: { skip: id, offset: '1' } }]);
    await expect.poll(async () => (await look()).partitions[0]?.committed, LATE).toBe('4');
  });

  // On the embedded broker every group is one of the SDK.
  const onKafka = address === null ? null : it;
  onKafka?.('is refused in a group that Courier has no SDK in', async () => {
    const foreign = `${group}.foreign`;
    await commitPosition(address ?? '', foreign, { topic, partition: 0, offset: 1 });
    const at = { name: foreign, topic, partition: 0, offset: '1' };
    const find = () => getGroup.call(courier.context, courier.operator, { name: foreign }).catch(() => null);
    await expect.poll(async () => (await find())?.partitions[0]?.committed, LATE).toBe('1');
    expect(await find()).toMatchObject({ canSkip: false, skips: [] });
    await expect(skipRecord.call(courier.context, courier.operator, at)).rejects.toThrow(
      /No instance of Courier's SDK reads as .*Stop its members, then move its position/,
    );
  });
});
