import { expect, it } from 'vitest';
import type { FetchAnswer, FetchPosition } from '@/lib/brokers/broker';
import { FirstRecords, type Place } from './first-records';

const place = (topic: string, offset: number, stable: number): Place => ({
  topic,
  partition: 0,
  offset,
  stable,
});

/** A broker whose logs have nothing readable up to `readable`, and answers with at most `step` offsets. */
function brokerOf(readable: number, step: number) {
  const asked: FetchPosition[][] = [];
  const answerOf = ({ topic, partition, offset }: FetchPosition): FetchAnswer => {
    const next = Math.min(Number(offset) + step, readable);
    const record = {
      topic,
      partition,
      offset: BigInt(readable),
      timestamp: 5,
      key: null,
      value: null,
      headers: [],
    };
    const answer = { topic, partition, start: 0n, end: 1_000n, gap: null };
    if (topic === 'refused') return { ...answer, records: [], next: offset, problem: 'refused' };
    return {
      ...answer,
      records: Number(offset) >= readable ? [record] : [],
      next: BigInt(next),
      problem: null,
    };
  };
  return {
    asked,
    fetch(from: FetchPosition[]) {
      asked.push(from);
      return Promise.resolve(from.map(answerOf));
    },
  };
}

it('reads on behind what is not readable, in bounded steps, and goes on where it was in the next sample', async () => {
  const broker = brokerOf(300, 10);
  const records = new FirstRecords(broker);
  const wanted = place('orders', 0, 500);
  await records.look([wanted]);
  expect(records.at(wanted).kind).toBe('unknown');
  expect(broker.asked).toHaveLength(21);
  await records.look([wanted]);
  expect(records.at(wanted)).toMatchObject({ kind: 'some', offset: 300, timestamp: 5 });
  expect(broker.asked.length).toBeLessThan(21 + 15);
  await records.look([wanted]);
  expect(broker.asked.length).toBeLessThan(21 + 15);
});

it('proves that nothing is readable up to the stable offset, until that moves', async () => {
  const records = new FirstRecords(brokerOf(500, 1_000));
  await records.look([place('orders', 0, 400)]);
  expect(records.at(place('orders', 0, 400)).kind).toBe('none');
  expect(records.at(place('orders', 0, 600)).kind).toBe('unknown');
});

it('reads what was not tried before what could not be read', async () => {
  const broker = brokerOf(0, 10);
  const records = new FirstRecords(broker);
  const refused = Array.from({ length: 100 }, (_, offset) => place('refused', offset, 500));
  const other = place('orders', 0, 500);
  await records.look([...refused, other]);
  expect(records.at(other).kind).toBe('unknown');
  await records.look([...refused, other]);
  expect(records.at(other).kind).toBe('some');
  // One request a sample: what is refused is not asked for alone.
  expect(broker.asked).toHaveLength(2);
});
