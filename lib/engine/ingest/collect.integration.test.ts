import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { getSettings } from '@/lib/operations/settings/get';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { deadLetterTopicOf } from '@/lib/protocol/topics';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';

describe('what comes by the topic of facts', () => {
  let courier: TestCourier;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), null);
    await courier.context.broker.createTopics([{ name: FACTS_TOPIC, partitions: 3 }]);
  });
  afterAll(() => courier.stop());

  const send = async (topic: string, ...values: (object | string)[]) => {
    const records = values.map((value) => ({
      topic,
      partition: 0,
      key: null,
      value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      headers: [],
    }));
    for (const answer of await courier.context.broker.publish(records))
      expect(answer.outcome).toBe('acknowledged');
  };
  const batch = (...facts: object[]) => ({ v: 1, service: 'test', host: 'test', facts });
  const stored = async (fact: { factId: string }) =>
    (await courier.context.store.query('SELECT 1 FROM fact WHERE fact_id = $1', [fact.factId])).rowCount;
  const rejected = async () => (await getSettings.call(courier.context, courier.operator, {})).rejected;

  it('is kept where it is good, and what is not is kept aside with its place and what is wrong', async () => {
    const [before, beside, behind] = [newId(), newId(), newId()].map((id) => makeFact('committed', id, 0));
    await send(
      FACTS_TOPIC,
      batch(before as object),
      '{"v":1,',
      { v: 2 },
      batch(
        { ...makeFact('committed', newId(), 0), surprise: 1 },
        makeFact('handled', newId(), 0, { group: 'nul \0' }),
        beside as object,
      ),
      batch(behind as object),
    );
    for (const fact of [before, beside, behind])
      await expect.poll(() => stored(fact as { factId: string }), { timeout: 20_000 }).toBe(1);
    const { count, newest } = await rejected();
    expect(count).toBe(4);
    expect(newest.map((item) => `${item.place} ${item.reason}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^courier\.facts\/0\/1 .*JSON/),
        expect.stringMatching(/^courier\.facts\/0\/2 v: /),
        expect.stringMatching(/^courier\.facts\/0\/3 facts\.0 .*surprise/),
        expect.stringMatching(/^courier\.facts\/0\/3 facts\.1 group: a name without NUL/),
      ]),
    );
  });

  it('does not hold up what follows where the store itself refuses it', async () => {
    // A constraint outside of Courier's own checks represents anything that the store may refuse.
    await courier.context.store.query(
      "ALTER TABLE fact ADD CONSTRAINT poison CHECK (key IS NULL OR key <> 'poison')",
    );
    const [poison, behind] = [
      makeFact('committed', newId(), 0, { message: { topic: 'orders', key: 'poison' } }),
      makeFact('committed', newId(), 0),
    ];
    await send(FACTS_TOPIC, batch(poison), batch(behind));
    await expect.poll(() => stored(behind), { timeout: 20_000 }).toBe(1);
    expect(await stored(poison)).toBe(0);
    expect((await rejected()).newest[0]?.reason).toContain('poison');
    await courier.context.store.query('ALTER TABLE fact DROP CONSTRAINT poison');
  });

  it('counts dead letters that nothing explains', async () => {
    const topic = deadLetterTopicOf('somebody');
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
    await send(topic, 'no headers at all');
    await expect
      .poll(async () => (await rejected()).newest[0], { timeout: 20_000 })
      .toMatchObject({ source: 'dead-letter index', place: `${topic}/0/0` });
  });
});
