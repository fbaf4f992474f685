import type { Actor, Context } from '../lib/operations/context';
import { getMessage } from '../lib/operations/messages/get';
import { listAllMessages } from '../lib/operations/messages/list';
import { floorUuidV7 } from '../lib/domain/uuid';
import { readMessage } from '../lib/store/messages/read-message';
import { inPartitionOf, makePartitions } from '../lib/store/partitions';
import { quantile, round, sampled, type Row } from './bench';
import { startStore } from './store';

const RUNS = 3_000;
const DAYS = 10;
const mei: Actor = { id: 1, name: 'bench', role: 'administrator' };
const million = (count: number) => `${count / 1_000_000} M`;

/** A message by its id and its whole page, against one row of one table by its primary key, at one and at ten times the data. */
export async function bench(): Promise<Row[]> {
  const most = Number(process.argv.find((arg) => arg.startsWith('--messages='))?.slice(11) ?? 1_000_000);
  const store = await startStore();
  const rows: Row[] = [];
  const medians: number[] = [];
  try {
    const context = await store.open('lookup');
    let there = 0;
    for (const count of [most / 10, most]) {
      await fill(context, there, count);
      there = count;
      const measured = await measure(context, count);
      medians.push(measured.id);
      rows.push(...measured.rows);
    }
    const growth = (medians[1] ?? 0) / (medians[0] ?? 1);
    rows.push({
      what: 'id at ten times the data, p50',
      courier: `${round(medians[1] ?? 0, 0)} us`,
      against: `${round(medians[0] ?? 0, 0)} us`,
      ratio: `${round(growth)}x`,
      goal: '<= 1.25x',
    });
    return rows;
  } finally {
    await store.stop();
  }
}

async function fill(context: Context, from: number, to: number): Promise<void> {
  const now = Date.now();
  const { store, cluster, catalog } = context;
  await makePartitions(store, now - DAYS * 86_400_000, now);
  const topicId = await catalog.topicId('orders');
  const groups = await catalog.groupIds(['payment', 'inventory']);
  await store.query(`CREATE TABLE IF NOT EXISTS bench_id (n int PRIMARY KEY, id uuid NOT NULL)`);
  await store.query(
    `CREATE TABLE IF NOT EXISTS accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))`,
  );
  await store.query(`INSERT INTO accounts SELECT n, 1, 0, '' FROM generate_series($1::int, $2::int) n`, [
    from + 1,
    to,
  ]);
  // Ids of the last days: 48 bits of time, version 7, the rest random.
  await store.query(
    `INSERT INTO bench_id SELECT n, (lpad(to_hex(($3::bigint - (random() * $4::bigint)::bigint)), 12, '0')
       || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid
     FROM generate_series($1::int, $2::int) n`,
    [from + 1, to, now, (DAYS - 1) * 86_400_000],
  );
  const part = 'b.n > $1 AND b.n <= $2';
  await store.query(
    `INSERT INTO message (id, cluster_id, topic_id, type, service, kind, key, size, sent_at, committed_at, copies, status, first_at, last_at)
     SELECT b.id, $3, $4, 'OrderPaid', 'shop', 'event', 'order-' || b.n, 200, now(), now(), 1,
       CASE WHEN b.n % 100 = 0 THEN 'HANDLE_FAIL' ELSE 'HANDLED' END, now(), now() FROM bench_id b WHERE ${part}`,
    [from, to, cluster.id, topicId],
  );
  for (const [name, groupId] of groups) {
    await store.query(
      `INSERT INTO delivery (message_id, group_id, outcome, attempts, handled_count, first_at, last_at)
       SELECT b.id, $3, CASE WHEN b.n % 100 = 0 AND $4 = 'payment' THEN 2 ELSE 3 END, 1, 1, now(), now() FROM bench_id b WHERE ${part}`,
      [from, to, groupId, name],
    );
  }
  await store.query(
    `INSERT INTO fact (message_id, fact_id, cluster_id, kind, source, at, received_at, topic_id, partition, "offset", body)
     SELECT b.id, gen_random_uuid(), $3, 'committed', 'bench', now(), now(), $4, 0, b.n,
       json_build_object('factId', gen_random_uuid(), 'kind', 'committed', 'messageId', b.id, 'at', '2026-11-21T14:00:00.000Z')::text
     FROM bench_id b WHERE ${part}`,
    [from, to, cluster.id, topicId],
  );
  await store.query('VACUUM ANALYZE');
  context.partitions.forget();
}

async function measure(context: Context, count: number): Promise<{ id: number; rows: Row[] }> {
  const { store, cluster, partitions } = context;
  const { rows: picked } = await store.query<{ id: string }>(
    'SELECT id FROM bench_id ORDER BY md5(n::text) LIMIT $1',
    [RUNS],
  );
  const idOf = (run: number) => picked[run % picked.length]?.id ?? '';
  const one = (run: number) =>
    store.query({
      name: 'one-row',
      text: 'SELECT abalance FROM accounts WHERE aid = $1',
      values: [((run * 7919) % count) + 1],
    });
  const byId = (run: number) =>
    inPartitionOf(partitions, idOf(run), (name) =>
      readMessage(store, name('message'), cluster.id, idOf(run)),
    );
  const whole = (run: number) => getMessage.call(context, mei, { id: idOf(run) });
  // Everything once before it counts, in turns, so that neither has the warmer half.
  await sampled(RUNS, one);
  await sampled(RUNS, byId);
  const ceiling = quantile(await sampled(RUNS, one), 0.5);
  const id = quantile(await sampled(RUNS, byId), 0.5);
  await sampled(300, whole);
  const page = quantile(await sampled(1_000, whole), 0.5);
  const first = quantile(await sampled(200, () => listAllMessages.call(context, mei, { limit: 50 })), 0.5);
  const deep = floorUuidV7(Date.now() - 5 * 86_400_000);
  const far = quantile(
    await sampled(200, () => listAllMessages.call(context, mei, { limit: 50, before: deep })),
    0.5,
  );
  const us = (value: number) => `${round(value, 0)} us`;
  return {
    id,
    rows: [
      {
        what: `id, ${million(count)} messages, p50`,
        courier: us(id),
        against: `${us(ceiling)} (one row by primary key, prepared)`,
        ratio: `${round(id / ceiling)}x`,
        goal: '<= 1.5x',
      },
      {
        what: `whole message page, ${million(count)} messages, p50`,
        courier: us(page),
        against: us(ceiling),
        ratio: `${round(page / ceiling)}x`,
        goal: '<= 5x',
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
