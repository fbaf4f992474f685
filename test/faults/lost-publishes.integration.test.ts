import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { headerOf } from '@/lib/brokers/broker';
import { getMessage } from '@/lib/operations/messages/get';
import { HEADER } from '@/lib/protocol/headers';
import { FactReporter } from '@/lib/sdk/facts';
import { identityOf } from '@/lib/sdk/identity';
import { KafkaTransport } from '@/lib/sdk/kafka-transport';
import { publish, PublishError } from '@/lib/sdk/publisher';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { FaultProxy, KAFKA_DIALECT, type Fault } from '@/lib/testing/fault-proxy';
import { randomOf, SEED, times } from './settings';

const TIMEOUT_MS = 300;
/** One more than the tries of a publish, so that none of its answers arrives. */
const EVERY_TRY = 5;
const FAULTS: Fault[] = ['swallow', 'swallow', 'cut_after', 'cut_before', 'cut_during'];

describe.runIf(inject('kafka'))(`messages whose acknowledgement is lost (seed ${SEED})`, () => {
  const kafka = inject('kafka');
  let topic: string;
  let courier: TestCourier;
  let proxy: FaultProxy;
  let transport: KafkaTransport;
  let facts: FactReporter;
  const identity = identityOf('lost', '1');

  beforeEach(async () => {
    courier = await startCourier(inject('postgres'), kafka?.address ?? '');
    // The topic is not on the broker yet, so that each test controls how the topic index first reads it.
    topic = `lost-${randomBytes(3).toString('hex')}`;
    const [host = '', port = '0'] = (kafka?.proxied ?? '').split(':');
    proxy = new FaultProxy(KAFKA_DIALECT, { host, port: Number(port) }, kafka?.proxyPort);
    await proxy.listen();
    transport = new KafkaTransport({ brokers: [proxy.address], requestTimeout: TIMEOUT_MS });
    // By the intake alone, so that the faults of the broker's connection meet messages only.
    const intake = { url: courier.intakeUrl, token: courier.token };
    const away = { outcome: 'not_written' as const, error: new Error('by the intake') };
    facts = new FactReporter({ sendFacts: () => Promise.resolve(away) }, intake, identity);
  });
  afterEach(async () => {
    await facts.close();
    await transport.close();
    await proxy.close();
    await courier.stop();
  });

  /** Every message meets its fault on a seeded number of its tries. @returns the ids, and which publish calls failed */
  async function loseAnswers(count: number): Promise<{ ids: string[]; failed: number }> {
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
    const random = randomOf(5);
    const ids: string[] = [];
    let failed = 0;
    for (let at = 0; at < count; at += 1) {
      const tries = random() < 0.3 ? EVERY_TRY : 1;
      proxy.arm(FAULTS[Math.floor(random() * FAULTS.length)] ?? 'swallow', tries);
      try {
        const input = { topic, type: 'T', payload: { at } };
        ids.push((await publish(transport, facts, identity, input)).id);
      } catch (error) {
        if (!(error instanceof PublishError)) throw error;
        ids.push(error.id);
        failed += 1;
      }
      proxy.arm(null);
    }
    return { ids, failed };
  }

  async function onBroker(): Promise<Set<string>> {
    const found = new Set<string>();
    for (const end of (await courier.context.broker.logEnds([topic])).known) {
      for (let next = 0n; next < end.end;) {
        const position = { topic, partition: end.partition, offset: next };
        const [answer] = await courier.context.broker.fetch([position], { maxBytes: 4_000_000, waitMs: 0 });
        for (const record of answer?.records ?? []) found.add(headerOf(record.headers, HEADER.id) ?? '');
        next = answer?.next ?? end.end;
      }
    }
    return found;
  }

  async function shown(ids: string[]): Promise<Map<string, string>> {
    const { rows } = await courier.context.store.query<{ id: string; status: string }>(
      'SELECT id, status FROM message_read WHERE id = ANY($1)',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.status]));
  }

  /** Messages whose shown status contradicts the broker. */
  async function contradictions(ids: string[]) {
    const [there, status] = [await onBroker(), await shown(ids)];
    return {
      failedWhileLanded: ids.filter((id) => there.has(id) && status.get(id) === 'SEND_FAIL'),
      sentWhileAbsent: ids.filter((id) => !there.has(id) && status.get(id) !== 'SEND_FAIL'),
      unknown: ids.filter((id) => !status.has(id)),
    };
  }

  const count = times(6, 100);
  it(
    `${count} times: none shown failed while landed, none shown sent while absent`,
    {
      timeout: 600_000,
    },
    async () => {
      const { ids, failed } = await loseAnswers(count);
      expect(failed).toBeGreaterThan(0);
      await expect
        .poll(() => contradictions(ids), { timeout: 30_000, interval: 200 })
        .toEqual({ failedWhileLanded: [], sentWhileAbsent: [], unknown: [] });
    },
  );

  it('control: where nobody looks what is on the topic, landed ones stay shown as failed', async () => {
    await courier.context.catalog.topicIds([topic]);
    await courier.context.store.query('UPDATE topic SET indexed = false');
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
    const random = randomOf(6);
    const ids: string[] = [];
    for (let at = 0; at < 2; at += 1) {
      proxy.arm('swallow', EVERY_TRY);
      const input = { topic, type: 'T', payload: { random: random() } };
      const error = await publish(transport, facts, identity, input).catch((thrown: unknown) => thrown);
      if (error instanceof PublishError) ids.push(error.id);
    }
    await expect
      .poll(async () => (await contradictions(ids)).unknown, { timeout: 30_000, interval: 200 })
      .toEqual([]);
    expect((await contradictions(ids)).failedWhileLanded).toEqual(ids);
    for (const id of ids) {
      const [first] = (await getMessage.call(courier.context, courier.operator, { id })).where;
      expect(first, 'the page does not claim what nobody knows').toMatchObject({ perhapsOn: topic });
    }
  });
});
