import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MoveRequest } from '@/lib/contract/groups';
import { listEpisodes } from '@/lib/operations/episodes/list';
import { getGroup } from '@/lib/operations/groups/get';
import { movePositions } from '@/lib/operations/groups/move-positions';
import { previewMove } from '@/lib/operations/groups/preview-move';
import { undoMove } from '@/lib/operations/groups/undo-move';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { brokersUnderTest } from '@/lib/testing/fixtures';

const LATE = { timeout: 30_000 };

describe.each(brokersUnderTest())('positions that an operator moves: %s', (name, address) => {
  let courier: TestCourier;
  const topic = `moved-${name}-${randomBytes(3).toString('hex')}`;
  const group = `${topic}.billing`;
  const handled: number[] = [];
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(() => courier.stop());

  const look = () => getGroup.call(courier.context, courier.operator, { name: group });
  const preview = (to: MoveRequest['to'], partition: number | null = null) =>
    previewMove.call(courier.context, courier.operator, { name: group, topic, partition, to });
  const request = async (to: MoveRequest['to']): Promise<MoveRequest> => {
    const { partitions } = await preview(to);
    const changed = partitions.filter((item) => item.from !== item.to);
    return {
      id: randomUUID(),
      to,
      partitions: changed.map((item) => ({
        topic: item.topic,
        partition: item.partition,
        from: item.from,
        to: item.to,
      })),
    };
  };
  const move = (body: MoveRequest) =>
    movePositions.call(courier.context, courier.operator, { name: group, ...body });
  const undo = (id: string) => undoMove.call(courier.context, courier.operator, { name: group, id });
  const stateOf = async (id: string) => (await look()).moves.find((item) => item.id === id);
  const consume = async () => {
    const service = courier.connect('billing');
    await service.subscribe({
      group,
      topics: [topic],
      handle: ({ payload }) => void handled.push(Number(payload)),
      from: 'beginning',
    });
    return service;
  };
  const publish = async (numbers: number[]) => {
    const service = courier.connect('orders');
    for (const payload of numbers) await service.publish({ topic, type: 'T', key: 'one-key', payload });
    await service.close();
  };

  it('are not moved while members are live, and then as previewed; what is repeated is handled again', async () => {
    const orders = courier.connect('orders');
    await orders.createTopics([{ name: topic, partitions: 1 }]);
    await publish([1, 2, 3, 4, 5]);
    const billing = await consume();
    await expect.poll(async () => (await look().catch(() => null))?.lag, LATE).toBe(0);
    expect(handled).toEqual([1, 2, 3, 4, 5]);
    const live = await preview({ kind: 'offset', offset: '2' });
    expect(live).toMatchObject({
      refusal: 'has_members',
      members: [{ clientId: expect.any(String) as string }],
      repeated: 3,
      skipped: 0,
      partitions: [{ topic, partition: 0, from: '5', to: '2' }],
    });
    const early = await request({ kind: 'offset', offset: '2' });
    await expect(move(early)).rejects.toThrow(/has 1 members.*Stop them first/);
    expect((await look()).moves).toEqual([]);

    await billing.close();
    await expect.poll(async () => (await preview({ kind: 'start' })).refusal, LATE).toBeNull();
    const body = await request({ kind: 'offset', offset: '2' });
    expect(await move(body)).toEqual({ id: body.id });
    // The same request again is the same move.
    expect(await move(body)).toEqual({ id: body.id });
    await expect.poll(async () => (await stateOf(body.id))?.state, LATE).toBe('moved');
    expect((await look()).moves).toMatchObject([{ by: 'mei', repeated: 3, skipped: 0, topics: [topic] }]);
    const again = await consume();
    await expect.poll(() => handled, LATE).toEqual([1, 2, 3, 4, 5, 3, 4, 5]);
    await again.close();
  });

  it('are moved forward, and back again while the group has not moved on', async () => {
    await publish([6, 7, 8, 9]);
    await expect.poll(async () => (await preview({ kind: 'end' })).refusal, LATE).toBeNull();
    const body = await request({ kind: 'lag', lag: 1 });
    expect(body.partitions).toEqual([{ topic, partition: 0, from: '5', to: '8' }]);
    await move(body);
    await expect.poll(async () => (await stateOf(body.id))?.canUndo, LATE).toBe(true);
    expect(await stateOf(body.id)).toMatchObject({ skipped: 3, repeated: 0 });
    const { id } = await undo(body.id);
    await expect.poll(async () => (await stateOf(id))?.state, LATE).toBe('moved');
    expect(await stateOf(body.id)).toMatchObject({ isUndone: true, canUndo: false });
    await expect(undo(body.id)).rejects.toThrow(/undone already/);
    const { marks } = await listEpisodes.call(courier.context, courier.operator, { group });
    expect(marks.filter(({ kind }) => kind === 'position_moved')).toMatchObject([
      { figures: { by: 'mei', move: id, repeated: 3, skipped: 0 }, endReason: 'person' },
      { figures: { by: 'mei', move: body.id, skipped: 3, partitions: [{ from: '5', to: '8' }] } },
      { figures: { by: 'mei', repeated: 3 } },
    ]);
    const before = handled.length;
    const billing = await consume();
    await expect.poll(() => handled.slice(before), LATE).toEqual([6, 7, 8, 9]);
    await billing.close();
  });

  it('are left where they are when the group read on after the preview, and by a place outside of the log', async () => {
    await expect.poll(async () => (await preview({ kind: 'end' })).refusal, LATE).toBeNull();
    const stale = await request({ kind: 'start' });
    const moved = stale.partitions.map((item) => ({ ...item, from: '4' }));
    await move({ ...stale, partitions: moved });
    await expect.poll(async () => (await stateOf(stale.id))?.state, LATE).toBe('refused');
    expect(await stateOf(stale.id)).toMatchObject({ problem: 'moved_on', detail: `${topic}/0: 9` });
    expect((await preview({ kind: 'start' })).partitions).toMatchObject([{ from: '9' }]);
    const beyond = moved.map((item) => ({ ...item, to: '10' }));
    await expect(move({ ...stale, id: randomUUID(), partitions: beyond })).rejects.toThrow(
      /10 is outside of .*, which has 0 to 9/,
    );
    await expect(preview({ kind: 'start' }, 7)).rejects.toThrow(/no partition 7/);
  });

  it('are moved to a time, also one that nothing follows', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    expect((await preview({ kind: 'time', at: soon })).partitions).toMatchObject([{ from: '9', to: '9' }]);
    const long = await preview({ kind: 'time', at: '2020-01-01T00:00:00Z' });
    expect(long.partitions).toMatchObject([{ from: '9', to: '0', repeated: 9 }]);
  });
});
