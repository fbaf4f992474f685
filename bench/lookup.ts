import type { Actor, Context } from '../lib/context/context';
import { getMessage } from '../lib/operations/messages/get';
import { listAllMessages } from '../lib/operations/messages/list';
import { floorUuidV7 } from '../lib/protocol/uuid';
import type { RefKind } from '../lib/store/facts/refs';
import { findByRef } from '../lib/store/messages/find-by-ref';
import { readMessage } from '../lib/store/messages/read-message';
import { inPartitionOf } from '../lib/store/schema/partitions';
import { quantile, round, sampled, type Row } from './bench';
import { DAYS, fill } from './fill';
import { startStore } from './store';

const RUNS = 3_000;
const mei: Actor = { id: 1, name: 'bench', role: 'administrator' };
const million = (count: number) => `${count / 1_000_000} M`;

/** A message by its id and its whole page, against one row of one table by its primary key, at one, two and ten times the data. */
export async function bench(): Promise<Row[]> {
  const most = Number(process.argv.find((arg) => arg.startsWith('--messages='))?.slice(11) ?? 1_000_000);
  const store = await startStore();
  const rows: Row[] = [];
  const medians: number[] = [];
  try {
    const context = await store.open('lookup');
    let there = 0;
    for (const count of [most / 10, most / 5, most]) {
      await fill(context, there, count);
      there = count;
      const measured = await measure(context, count);
      medians.push(measured.id);
      rows.push(...measured.rows);
    }
    const growth = (medians[2] ?? 0) / (medians[0] ?? 1);
    rows.push({
      what: 'id at ten times the data, p50',
      courier: `${round(medians[2] ?? 0, 0)} us`,
      against: `${round(medians[0] ?? 0, 0)} us`,
      ratio: `${round(growth)}x`,
      goal: '<= 1.25x',
    });
    return rows;
  } finally {
    await store.stop();
  }
}

async function measure(context: Context, count: number): Promise<{ id: number; rows: Row[] }> {
  const { store, cluster, partitions } = context;
  const { rows: picked } = await store.query<{ id: string }>(
    'SELECT id FROM bench_id ORDER BY md5(n::text) LIMIT $1',
    [RUNS],
  );
  const idOf = (run: number) => picked[run % picked.length]?.id ?? '';
  const item = (run: number) =>
    store.query({
      name: 'one-row',
      text: 'SELECT abalance FROM accounts WHERE aid = $1',
      values: [((run * 7919) % count) + 1],
    });
  const byId = (run: number) =>
    inPartitionOf(partitions, idOf(run), (name) =>
      readMessage(store, name('message_read'), cluster.id, idOf(run)),
    );
  const { rows: numbers } = await store.query<{ n: number; trace: string }>(
    "SELECT n, md5((n / 3)::text) AS trace FROM bench_id ORDER BY md5(n::text || 'ref') LIMIT $1",
    [RUNS],
  );
  const ofRun = (run: number) => numbers[run % numbers.length] ?? { n: 0, trace: '' };
  const byRef = (kind: RefKind, valueOf: (item: { n: number; trace: string }) => string) => (run: number) =>
    findByRef(store, partitions, cluster.id, [kind], [valueOf(ofRun(run))], 50);
  const refs = [
    ['key', byRef('key', ({ n }) => `order-${n}`)],
    ['trace', byRef('trace', ({ trace }) => trace)],
    ['position', byRef('position', ({ n }) => `orders/0/${n}`)],
  ] as const;
  const whole = (run: number) => getMessage.call(context, mei, { id: idOf(run) });
  // Everything once before it counts, in turns, so that neither has the warmer half.
  await sampled(RUNS, item);
  await sampled(RUNS, byId);
  const us = (value: number) => `${round(value, 0)} us`;
  const ceiling = quantile(await sampled(RUNS, item), 0.5);
  const id = quantile(await sampled(RUNS, byId), 0.5);
  const found: Row[] = [];
  for (const [kind, find] of refs) {
    await sampled(RUNS / 3, find);
    const time = quantile(await sampled(RUNS, find), 0.5);
    found.push({
      what: `${kind}, ${million(count)} messages of ${DAYS} days, p50`,
      courier: us(time),
      against: `${us(ceiling)} (one row by primary key, prepared)`,
      ratio: `${round(time / ceiling)}x`,
      goal: '<= 1.3x',
    });
  }
  await sampled(300, whole);
  const page = quantile(await sampled(1_000, whole), 0.5);
  const first = quantile(await sampled(200, () => listAllMessages.call(context, mei, { limit: 50 })), 0.5);
  const deep = floorUuidV7(Date.now() - 5 * 86_400_000);
  const far = quantile(
    await sampled(200, () => listAllMessages.call(context, mei, { limit: 50, before: deep })),
    0.5,
  );
  return {
    id,
    rows: [
      {
        what: `id, ${million(count)} messages, p50`,
        courier: us(id),
        against: `${us(ceiling)} (one row by primary key, prepared)`,
        ratio: `${round(id / ceiling)}x`,
        goal: '<= 1.3x',
      },
      ...found,
      {
        what: `whole message page, ${million(count)} messages, p50`,
        courier: us(page),
        against: us(ceiling),
        ratio: `${round(page / ceiling)}x`,
        goal: '<= 4x',
      },
      {
        what: `a page of the list half way back, ${million(count)} messages, p50`,
        courier: us(far),
        against: `${us(first)} (the first page)`,
        ratio: `${round(far / first)}x`,
        goal: '1 +- 0.1',
      },
    ],
  };
}
