import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupPath } from '@/lib/contract/paths';
import { nameOfPage } from '@/lib/values/path-segment';
import { getGroup } from '@/lib/operations/groups/get';
import { listGroups } from '@/lib/operations/groups/list';
import { announceInstance } from '@/lib/operations/instances/announce';
import { searchMessages } from '@/lib/operations/messages/search';
import { getSettings } from '@/lib/operations/settings/get';
import { listTopics } from '@/lib/operations/topics/list';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { commitPosition } from '@/lib/testing/commit-position';
import { storedName } from '@/lib/store/names/catalog';
import { newId } from '@/lib/testing/facts';

const SOON = { timeout: 30_000, interval: 200 };

describe.skipIf(!inject('kafka'))("names that look like Courier's or Kafka's own", () => {
  const kafka = inject('kafka')!;
  const word = newId().slice(-8);
  const [heartbeat, own] = [`__debezium-heartbeat.${word}`, `courier.${word}`];
  const [billing, foreign] = [`billing-${word}`, `billing-${word}.retry`];
  // The empty name, the same for all tests of one Kafka, and names that are longer than the store takes.
  const odd = [
    '',
    ...['100%done', 'a%zz', 'pre%41x', '~00', 'a/b', ' ', 'x'.repeat(3_000)].map((name) => `${name}${word}`),
    `${'x'.repeat(3_000)}${word}, which begins alike`,
  ];
  let admin: ReturnType<Kafka['admin']>;
  let courier: TestCourier;

  beforeAll(async () => {
    const client = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING });
    admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: heartbeat }, { topic: own }] });
    const producer = client.producer();
    await producer.connect();
    for (const topic of [heartbeat, own]) await producer.send({ topic, messages: [{ value: 'v' }] });
    await producer.disconnect();
    for (const group of [billing, foreign, ...odd])
      await commitPosition(kafka.address, group, { topic: heartbeat, partition: 0, offset: 0 });
    courier = await startCourier(inject('postgres'), kafka.address);
  });
  afterAll(async () => {
    await courier.stop();
    await admin.deleteTopics({ topics: [heartbeat, own] });
    await admin.disconnect();
  });

  it('are shown, indexed and counted like any other', async () => {
    const { context, operator } = courier;
    await expect
      .poll(async () => (await getGroup.call(context, operator, { name: billing })).lag, SOON)
      .toBe(1);
    const { rows } = await listTopics.call(context, operator, {});
    for (const topic of [heartbeat, own])
      expect(rows.find(({ name }) => name === topic)).toMatchObject({
        role: 'message',
        records: 1,
        indexed: true,
      });
  });

  it('have a page each, whatever Kafka allows in the name of a group', async () => {
    const { context, operator } = courier;
    for (const group of odd) {
      const { pathname } = new URL(groupPath(group), 'http://here');
      const name = nameOfPage(pathname.split('/').slice(2).join('/'));
      await expect
        .poll(async () => getGroup.call(context, operator, { name }).catch(() => null), SOON)
        .toMatchObject({ name: storedName(group), lag: 1 });
    }
    const { groups } = await listGroups.call(context, operator, {});
    for (const group of odd) expect(groups.filter(({ name }) => name === storedName(group))).toHaveLength(1);
  });

  it('are found by a search for the whole name, of whatever length', async () => {
    const { context, operator } = courier;
    const found = async (text: string) =>
      (await searchMessages.call(context, operator, { text })).groups.map(({ name }) => name);
    for (const group of odd.filter((name) => name !== '' && name.length < 2_000))
      await expect.poll(() => found(group.trim()), SOON).toContain(storedName(group));
    // What a search takes of two long names is the same.
    const long = odd.filter((name) => name.length > 2_000);
    const names = await found('x'.repeat(2_000));
    expect(names).toEqual(expect.arrayContaining(long.map(storedName)));
  });

  it('take a group for a retry group only where an SDK announced it', async () => {
    const { context, operator } = courier;
    const namesOf = async () => (await listGroups.call(context, operator, {})).groups.map(({ name }) => name);
    await expect.poll(namesOf, SOON).toEqual(expect.arrayContaining([billing, foreign]));
    const beat = {
      v: 1 as const,
      instance: `billing@${word}`,
      service: 'billing',
      release: '1',
      host: 'h',
      process: '1',
      dropped: 0,
      subscriptions: [
        {
          group: billing,
          topics: [own],
          retryTopic: `courier.retry.${billing}`,
          retryReady: true,
          member: 'm',
        },
      ],
    };
    await announceInstance.call(context, courier.system, beat);
    await expect.poll(namesOf, SOON).not.toContain(foreign);
    // A service whose topics have another prefix has no retry topic that Courier could send to.
    await announceInstance.call(context, courier.system, { ...beat, topicPrefix: 'other.' });
    await expect.poll(namesOf, SOON).toContain(foreign);
    const { otherPrefixes } = await getSettings.call(context, operator, {});
    expect(otherPrefixes).toEqual([{ service: 'billing', prefix: 'other.' }]);
  });
});
