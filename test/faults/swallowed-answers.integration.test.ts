import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Broker, SendAnswer } from '@/lib/brokers/broker';
import { KafkaBroker } from '@/lib/brokers/kafka/adapter';
import { FaultProxy, KAFKA_DIALECT, type Fault } from '@/lib/testing/fault-proxy';
import type { FailedMessage } from '@/lib/testing/failed-message';
import { openLedger, type Ledger } from './ledger';
import { randomOf, SEED, times } from './settings';

const TIMEOUT_MS = 300;
/** The answer is lost in most, and the write with it in some. */
const FAULTS: Fault[] = ['swallow', 'swallow', 'cut_after', 'cut_before', 'cut_during'];
const SHOWN_SENT = ['SENT', 'SENT_VERIFIED', 'HANDLED'];
const SHOWN_FAILED = ['REFUSED', 'CANCELLED', 'SKIPPED', 'FAILED_AGAIN'];

interface Verdict {
  sentWhileAbsent: string[];
  failedWhileLanded: string[];
  twice: string[];
}
const NOTHING: Verdict = { sentWhileAbsent: [], failedWhileLanded: [], twice: [] };

describe.runIf(inject('kafka'))(`retries whose answers are lost (seed ${SEED})`, () => {
  const kafka = inject('kafka');
  let ledger: Ledger;
  let proxy: FaultProxy;
  let broker: Broker;

  beforeEach(async () => {
    ledger = await openLedger(inject('postgres'), kafka?.address ?? '');
    const [host = '', port = '0'] = (kafka?.proxied ?? '').split(':');
    proxy = new FaultProxy(KAFKA_DIALECT, { host, port: Number(port) }, kafka?.proxyPort);
    await proxy.listen();
    broker = new KafkaBroker({ name: 'proxied', addresses: [proxy.address], requestTimeoutMs: TIMEOUT_MS });
  });
  afterEach(async () => {
    await broker.close();
    await proxy.close();
    await ledger.close();
  });

  async function judge(messages: FailedMessage[]): Promise<Verdict> {
    const copies = await ledger.copies();
    const verdict: Verdict = { sentWhileAbsent: [], failedWhileLanded: [], twice: [] };
    for (const message of messages) {
      const [state, count] = [await ledger.stateOf(message), copies.get(message.id) ?? 0];
      if (SHOWN_SENT.includes(state) && count === 0) verdict.sentWhileAbsent.push(message.id);
      if (SHOWN_FAILED.includes(state) && count > 0) verdict.failedWhileLanded.push(message.id);
      if (count > 1) verdict.twice.push(message.id);
    }
    return verdict;
  }

  /** Retries messages one by one, each of which meets a fault, and judges in the middle of it and at the end. */
  async function loseAnswers(count: number, by: Broker): Promise<{ during: Verdict; after: Verdict }> {
    const random = randomOf(4);
    const messages: FailedMessage[] = [];
    for (let at = 0; at < count; at += 1) {
      const message = await ledger.fail();
      messages.push(message);
      expect(await ledger.ask(message)).toBe('PENDING');
      proxy.arm(FAULTS[Math.floor(random() * FAULTS.length)] ?? 'swallow');
      await ledger.send(by);
    }
    const during = await judge(messages);
    proxy.arm(null);
    await ledger.settle(by);
    return { during, after: await judge(messages) };
  }

  const count = times(12, 100);
  it(
    `${count} times: none shown failed while landed, none shown sent while absent, none sent twice`,
    {
      timeout: 300_000,
    },
    async () => {
      expect(await loseAnswers(count, broker)).toEqual({ during: NOTHING, after: NOTHING });
    },
  );

  it('control: where a lost answer counts as sent, absent ones are shown sent', async () => {
    const { after } = await loseAnswers(
      12,
      translating(broker, { outcome: 'acknowledged', partition: 0, offset: 0n }),
    );
    expect(after.sentWhileAbsent.length).toBeGreaterThan(0);
  });

  it('control: where a lost answer counts as not written, messages are sent twice', async () => {
    const { after } = await loseAnswers(12, translating(broker, { outcome: 'not_written', reason: 'lost' }));
    expect(after.twice.length).toBeGreaterThan(0);
  });

  it('control: where a lost answer counts as refused, landed ones are shown failed', async () => {
    const { after } = await loseAnswers(12, translating(broker, { outcome: 'refused', reason: 'lost' }));
    expect(after.failedWhileLanded.length).toBeGreaterThan(0);
  });
});

/** A broker that returns another answer in place of each one whose outcome is unknown. */
function translating(broker: Broker, unknown: SendAnswer): Broker {
  return new Proxy(broker, {
    get(target, name, receiver) {
      if (name !== 'publish') {
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return async (records: Parameters<Broker['publish']>[0]) =>
        (await target.publish(records)).map((answer) => (answer.outcome === 'unknown' ? unknown : answer));
    },
  });
}
