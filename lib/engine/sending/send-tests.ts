import { positionText } from '@/lib/protocol/position';
import type { SendAnswer } from '@/lib/brokers/broker';
import { sentenceOf } from '@/lib/errors';
import { HEADER } from '@/lib/protocol/headers';
import {
  claimTests,
  giveUpTests,
  settleTest,
  type TestMessage,
  type TestState,
} from '@/lib/store/test-messages';
import type { Context } from '@/lib/context/context';

const MAX_AT_ONCE = 50;
const STATES: Record<SendAnswer['outcome'], TestState> = {
  acknowledged: 'SENT',
  refused: 'REFUSED',
  not_written: 'NOT_SENT',
  unknown: 'UNCERTAIN',
};

/** Sends the test messages that wait, each once. @returns how many were sent */
export async function sendTests(context: Context): Promise<number> {
  const { store, cluster, broker } = context;
  await giveUpTests(store, cluster.id);
  const tests = await claimTests(store, cluster.id, MAX_AT_ONCE);
  for (const test of tests) {
    try {
      const [answer] = await broker.publish([await recordOf(context, test)]);
      const outcome = answer?.outcome ?? 'unknown';
      const detail =
        answer?.outcome === 'acknowledged'
          ? positionText({ ...answer, topic: test.topic })
          : (answer?.reason ?? null);
      await settleTest(store, test.id, STATES[outcome], detail);
    } catch (error) {
      // The record was never handed to the broker: finding its partition failed.
      await settleTest(store, test.id, 'NOT_SENT', sentenceOf(error));
    }
  }
  return tests.length;
}

async function recordOf({ broker, now }: Context, test: TestMessage) {
  const text = (value: string) => Buffer.from(value);
  const own: [string, Buffer][] = [
    [HEADER.id, text(test.id)],
    [HEADER.topic, text(test.topic)],
    ...(test.type ? [[HEADER.type, text(test.type)] as [string, Buffer]] : []),
    [HEADER.service, text('courier')],
    [HEADER.kind, text('event')],
    [HEADER.time, text(now().toISOString())],
  ];
  return {
    topic: test.topic,
    partition: test.partition ?? (await broker.partitionFor(test.topic, text(test.key ?? test.id))) ?? 0,
    key: test.key === null ? null : text(test.key),
    value: test.payload === null ? null : text(test.payload),
    headers: [...own, ...test.headers.map(([name, value]): [string, Buffer] => [name, text(value)])],
  };
}
