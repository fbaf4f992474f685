import type { Context } from '../lib/context/context';
import { KIND_NUMBER } from '../lib/store/facts/pack-fact';
import { recount } from '../lib/store/facts/recount';
import { makePartitions } from '../lib/store/schema/partitions';

/** Days over which the messages are spread. */
export const DAYS = 10;

/**
 * Fills a store with messages `from + 1` to `to`: each with two deliveries, a fact and its references, three in a trace; one in a
 * hundred fails. The table bench_id has their numbers and ids. The table accounts has a row for each, as in pgbench.
 */
export async function fill(context: Context, from: number, to: number): Promise<void> {
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
  const shapes = await catalog.shapes.ids([
    { topicId, type: 'OrderPaid', version: '', service: 'shop', kind: 'event' },
  ]);
  const [shape] = [...shapes.values()];
  const origins = await catalog.origins.ids([
    { source: 'bench', service: 'shop', host: 'host-a', release: '1.0.0', process: '', member: '' },
  ]);
  const [origin] = [...origins.values()];
  await store.query(
    `INSERT INTO message (id, cluster_id, topic_id, shape_id, key, segment, trace, size, sent_at, committed_at, copies, first_at, partition, "offset")
     SELECT b.id, $3, $4, $5, 'order-' || b.n,
       ('x' || encode(substr(sha256(convert_to('segment', 'UTF8') || '\\x00'::bytea || convert_to(b.n::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint, md5((b.n / 3)::text)::uuid,
       200, now(), now(), 1, now(), 0, b.n FROM bench_id b WHERE ${part}`,
    [from, to, cluster.id, topicId, shape?.id],
  );
  for (const [name, groupId] of groups) {
    await store.query(
      `INSERT INTO delivery (message_id, group_id, topic_id, origin_id, outcome, attempts, handled_count, first_at, last_at)
       SELECT b.id, $3, $5, $6, CASE WHEN b.n % 100 = 0 AND $4 = 'payment' THEN 2 ELSE 3 END, 1, 1, now(), now() FROM bench_id b WHERE ${part}`,
      [from, to, groupId, name, topicId, origin?.id],
    );
  }
  await store.query(
    `INSERT INTO fact (message_id, fact_id, at, received_at, origin_id, kind, topic_id, partition, "offset")
     SELECT b.id, gen_random_uuid(), now(), now(), $3, ${KIND_NUMBER.committed}, $4, 0, b.n FROM bench_id b WHERE ${part}`,
    [from, to, origin?.id, topicId],
  );
  await recount(store, cluster.id);
  await store.query('VACUUM ANALYZE');
  context.partitions.forget();
}
