import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Actor } from '@/lib/context/context';
import { listFailures } from '@/lib/operations/failures/list';
import { getGroup } from '@/lib/operations/groups/get';
import { listGroups } from '@/lib/operations/groups/list';
import { exportMessages } from '@/lib/operations/messages/export';
import { getMessage } from '@/lib/operations/messages/get';
import { listAllMessages } from '@/lib/operations/messages/list';
import { downloadPayload, readHeaders, readPayload } from '@/lib/operations/messages/read-payload';
import { searchMessages } from '@/lib/operations/messages/search';
import { overviewNow } from '@/lib/operations/overview/now';
import { RecentReads } from '@/lib/context/recent-reads';
import { createRetry } from '@/lib/operations/retries/create';
import { listAllRetries } from '@/lib/operations/retries/list';
import { browseTopic } from '@/lib/operations/topics/browse';
import { listTopics } from '@/lib/operations/topics/list';
import { makeFailedMessage, type FailedMessage } from '@/lib/testing/failed-message';
import { startCourier, type TestCourier } from '@/lib/testing/courier';

import { recordFacts } from '@/lib/engine/ingest/record';
import { getTopic } from '@/lib/operations/topics/get';
import { listDeadLetterTopics } from '@/lib/operations/topics/list-dead-letters';
import { makeFact } from '@/lib/testing/facts';

describe('an operator who is limited to some topics and groups', () => {
  let courier: TestCourier;
  let own: FailedMessage;
  let foreign: FailedMessage;
  let limited: Actor;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), null);
    own = await makeFailedMessage(courier.context, 'mine.orders', 'mine');
    foreign = await makeFailedMessage(courier.context, 'other.orders', 'other');
    limited = { ...courier.operator, name: 'lin', scope: { topics: ['mine.*'], groups: ['mine*'] } };
    const all = courier.operator;
    await createRetry.call(courier.context, all, { selected: { messageId: foreign.id, groups: ['other'] } });
  });
  afterAll(() => courier.stop());

  it('sees the rows of those in lists, and an operator without a limit all', async () => {
    const { context, operator } = courier;
    const seen = async (actor: Actor) => ({
      messages: (await listAllMessages.call(context, actor, {})).rows.map((row) => row.topic).sort(),
      found: (await searchMessages.call(context, actor, { text: 'orders' })).topics.sort(),
      foreign: (await searchMessages.call(context, actor, { text: foreign.id })).count,
      failures: (await listFailures.call(context, actor, {})).rows.map((row) => row.group).sort(),
      topics: (await listTopics.call(context, actor, {})).rows.map((row) => row.name).sort(),
      groups: (await listGroups.call(context, actor, {})).groups.map((group) => group.name.split('.')[0]),
      retries: (await listAllRetries.call(context, actor, { running: true })).rows.length,
      exported: await textOf((await exportMessages.call(context, actor, { format: 'csv' })).lines),
    });
    // The index lists topics every few seconds.
    await expect
      .poll(async () => (await seen(operator)).topics, { timeout: 20_000 })
      .toEqual(expect.arrayContaining(['mine.orders', 'other.orders']));
    const all = await seen(operator);
    expect(all).toMatchObject({
      messages: ['mine.orders', 'other.orders'],
      foreign: 1,
      failures: ['mine', 'other'],
      retries: 1,
    });
    expect(all.exported).toContain(foreign.id);
    const some = await seen(limited);
    expect(some).toMatchObject({
      messages: ['mine.orders'],
      foreign: 0,
      failures: ['mine'],
      topics: ['mine.orders'],
      retries: 0,
    });
    expect(some.groups.filter((name) => name !== 'mine')).toEqual([]);
    expect(some.exported).toContain(own.id);
    expect(some.exported).not.toContain(foreign.id);
  });

  it('reads and changes nothing outside, and is refused what is not limited', async () => {
    const { context } = courier;
    expect((await getMessage.call(context, limited, { id: own.id })).id).toBe(own.id);
    expect((await readPayload.call(context, limited, { id: own.id })).from).not.toBeNull();
    for (const operation of [getMessage, readPayload, readHeaders, downloadPayload])
      await expect(operation.call(context, limited, { id: foreign.id })).rejects.toMatchObject({
        code: 'not_found',
      });
    for (const refused of [
      createRetry.call(context, limited, { selected: { messageId: foreign.id, groups: ['other'] } }),
      browseTopic.call(context, limited, { name: 'other.orders' }),
      getGroup.call(context, limited, { name: 'other' }),
      listAllMessages.call(context, limited, { topic: 'other.orders' }),
      overviewNow.call(context, limited, {}),
      listTopics.call(context, { ...limited, scope: { clusters: ['elsewhere'] } }, {}),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(
      createRetry.call(context, limited, { selected: { messageId: own.id, groups: ['mine'] } }),
    ).resolves.toMatchObject({ items: { mine: 'PENDING' } });
  });

  it('sees of a message, a topic and their lists only what is of its own groups', async () => {
    const { context, operator } = courier;
    const error = { type: 'OtherError', message: 'of others' };
    const failed = makeFact('handle_failed', own.id, 1, {
      group: 'other',
      attempt: 1,
      error,
      gaveUp: { to: null },
    });
    await recordFacts(context, [{ ...failed, kind: 'handle_failed' }], { source: 'intake' });
    await context.store.query(
      `INSERT INTO subscription (group_id, topic_id) SELECT g.id, t.id FROM consumer_group g, topic t
       WHERE g.name = 'other' AND t.name = 'mine.orders' ON CONFLICT DO NOTHING`,
    );
    const all = async (actor: Actor) => ({
      story: await getMessage.call(context, actor, { id: own.id }),
      list: await listAllMessages.call(context, actor, { topic: 'mine.orders' }),
      search: await searchMessages.call(context, actor, { text: own.id }),
      topic: await getTopic.call(context, actor, { name: 'mine.orders' }),
      topics: await listTopics.call(context, actor, {}),
      failures: await listFailures.call(context, actor, {}),
      letters: await listDeadLetterTopics.call(context, actor, {}),
    });
    const leaks = (answers: object) =>
      Object.entries(answers).flatMap(([name, answer]) =>
        /OtherError|"other"|other\.orders|courier\.dlq\.other/.test(JSON.stringify(answer)) ? [name] : [],
      );
    // The control: without a limit all of them name the other group.
    expect(leaks(await all(operator))).toEqual(
      expect.arrayContaining(['story', 'list', 'search', 'topics', 'failures']),
    );
    expect(leaks(await all(limited))).toEqual([]);
    const byTopic = { ...limited, scope: { topics: ['mine.*'] } };
    const { rows } = await listFailures.call(context, byTopic, {});
    expect(rows.every((row) => row.topics.every((topic) => topic === 'mine.orders'))).toBe(true);
  });

  it('leaves one entry in the audit for each message and hour that is read', async () => {
    const { context, operator } = courier;
    const entries = async () => {
      const { rows } = await context.store.query<{ operation: string; count: number }>(
        `SELECT operation, count(*)::int AS count FROM audit_entry
         WHERE object = $1 AND operation LIKE 'messages.%' AND operator_name = $2 GROUP BY 1 ORDER BY 1`,
        [`message ${foreign.id}`, operator.name],
      );
      return rows;
    };
    for (let read = 0; read < 3; read += 1) await readPayload.call(context, operator, { id: foreign.id });
    await readHeaders.call(context, operator, { id: foreign.id });
    await getMessage.call(context, operator, { id: foreign.id });
    expect(await entries()).toEqual([{ operation: 'messages.read-payload', count: 1 }]);
    await downloadPayload.call(context, operator, { id: foreign.id });
    // Another process does not share the record of recent reads.
    await readPayload.call({ ...context, reads: new RecentReads() }, operator, { id: foreign.id });
    expect(await entries()).toEqual([
      { operation: 'messages.download-payload', count: 1 },
      { operation: 'messages.read-payload', count: 1 },
    ]);
  });
});

it('leaves an entry in the audit for each list that is exported', async () => {
  const courier = await startCourier(inject('postgres'), null);
  const { context, operator } = courier;
  for (const filter of [{ key: 'nothing' }, {}, { group: 'payment' }, { group: 'payment' }])
    await textOf((await exportMessages.call(context, operator, { format: 'csv', ...filter })).lines);
  const { rows } = await context.store.query<{ object: string }>(
    "SELECT object FROM audit_entry WHERE operation = 'messages.export' ORDER BY id",
  );
  expect(rows.map((row) => row.object)).toEqual([
    'messages as csv, key=nothing',
    'messages as csv',
    'messages as csv, group=payment',
  ]);
  await courier.stop();
});

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}
