import type { Context } from '@/lib/context/context';
import { floorUuidV7 } from '@/lib/protocol/uuid';
import { formerHash } from '@/lib/store/former/refs';
import { dayOf, makePartitions } from '@/lib/store/schema/partitions';
import { makeFact, newId } from '@/lib/testing/facts';

const DAY_MS = 86_400_000;

/**
 * Puts messages of today into tables of release 0.1, as an installation has them that was upgraded at noon: their day is
 * moved while facts about them come. The index has read each of them.
 * @returns their ids
 */
export async function makeFormerDay(context: Context, count: number): Promise<string[]> {
  const { store, cluster, catalog } = context;
  const now = Date.now();
  await makePartitions(store, now, now);
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const suffix = `_p${dayOf(day)}`;
  for (const table of ['message', 'delivery', 'fact', 'ref'])
    await store.query(
      `CREATE TABLE former_${table}${suffix} PARTITION OF former_${table}
       FOR VALUES FROM ('${floorUuidV7(day)}') TO ('${floorUuidV7(day + DAY_MS)}')`,
    );
  await store.query('SELECT make_read_views($1, true)', [suffix]);
  context.partitions.forget();
  const topicId = await catalog.topicId('faults');
  // A few milliseconds apart, and none of them of tomorrow.
  const ids = Array.from({ length: count }, (_, at) => newId(Math.max(day, now - (count - at))));
  const facts = ids.map((id, at) =>
    makeFact('indexed', id, 0, {
      at: new Date(now).toISOString(),
      position: { topic: 'faults', partition: 0, offset: String(at) },
      message: { topic: 'faults' },
    }),
  );
  await store.query(
    `INSERT INTO former_message (id, cluster_id, topic_id, copies, committed_at, first_at, last_at)
     SELECT id, $2, $3, 1, now(), now(), now() FROM unnest($1::uuid[]) AS id`,
    [ids, cluster.id, topicId],
  );
  await store.query(
    `INSERT INTO former_fact (message_id, fact_id, cluster_id, kind, source, at, received_at, topic_id, partition, "offset", body)
     SELECT m, f, $3, 'indexed', 'topic index', now(), now(), $4, 0, n - 1, b
     FROM unnest($1::uuid[], $2::uuid[], $5::text[]) WITH ORDINALITY AS r (m, f, b, n)`,
    [ids, facts.map((fact) => fact.factId), cluster.id, topicId, facts.map((fact) => JSON.stringify(fact))],
  );
  const places = ids.map((_, at) => `faults/0/${at}`);
  await store.query(
    `INSERT INTO former_ref (message_id, kind, value_hash, value, cluster_id)
     SELECT m, 'position', h, v, $4 FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS r (m, h, v)`,
    [ids, places.map(formerHash), places, cluster.id],
  );
  return ids;
}
