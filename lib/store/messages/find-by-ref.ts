import { prepared } from '../sql/prepared';
import { hashOfRef, type RefKind } from '@/lib/store/facts/refs';
import type { PartitionCatalog } from '../schema/partitions';
import type { Queryable } from '@/lib/postgres';

/**
 * Returns the ids of messages that have one of the values as a ref, by the kind of the ref, newest first. One statement
 * covers all kinds on all days: each is an index scan that stops at the limit.
 * @param limit of each kind
 */
export async function findByRef(
  store: Queryable,
  clusterId: number,
  kinds: readonly RefKind[],
  values: readonly string[],
  limit: number,
): Promise<Map<RefKind, string[]>> {
  const { rows } = await store.query<{ kind: RefKind; message_id: string }>({
    name: 'by-ref',
    text: `SELECT k.kind, r.message_id FROM unnest($1::text[]) AS k (kind) CROSS JOIN unnest($2::bytea[], $3::text[]) AS v (hash, value)
           CROSS JOIN LATERAL (
             SELECT message_id FROM ref
             WHERE kind = k.kind AND value_hash = v.hash AND value = v.value AND cluster_id = $4
             ORDER BY message_id DESC LIMIT $5) r`,
    values: [kinds, values.map(hashOfRef), values, clusterId, limit],
  });
  const found = new Map<RefKind, string[]>();
  for (const { kind, message_id } of rows) found.set(kind, [...(found.get(kind) ?? []), message_id]);
  // Several values may be of one message, and each has its own order.
  for (const [kind, ids] of found) found.set(kind, [...new Set(ids)].sort().reverse().slice(0, limit));
  return found;
}

/** The newest message that is known at each of some positions. @param positions as `topic/partition/offset` */
export async function findByPositions(
  store: Queryable,
  clusterId: number,
  positions: string[],
): Promise<Map<string, string>> {
  const { rows } = await store.query<{ value: string; message_id: string }>({
    name: 'by-positions',
    text: `SELECT p.value, r.message_id FROM unnest($1::bytea[], $2::text[]) AS p (hash, value) CROSS JOIN LATERAL (
             SELECT message_id FROM ref WHERE kind = 'position' AND value_hash = p.hash AND value = p.value AND cluster_id = $3
             ORDER BY message_id DESC LIMIT 1) r`,
    values: [positions.map(hashOfRef), positions, clusterId],
  });
  return new Map(rows.map((row) => [row.value, row.message_id]));
}

/** The newest message that is known by its sender's own id on each topic. @returns ids by `topic` LF `sender's id` */
export async function findByProducers(
  store: Queryable,
  clusterId: number,
  senders: { topic: string; producerId: string }[],
): Promise<Map<string, string>> {
  const { rows } = await store.query<{ topic: string; value: string; message_id: string }>({
    name: 'by-producers',
    text: `SELECT p.topic, p.value, r.message_id
           FROM unnest($1::bytea[], $2::text[], $3::text[]) AS p (hash, value, topic) CROSS JOIN LATERAL (
             SELECT r.message_id FROM ref r JOIN message m ON m.id = r.message_id JOIN topic t ON t.id = m.topic_id
             WHERE r.kind = 'producer' AND r.value_hash = p.hash AND r.value = p.value AND r.cluster_id = $4 AND t.name = p.topic
             ORDER BY r.message_id DESC LIMIT 1) r`,
    values: [
      senders.map((sender) => hashOfRef(sender.producerId)),
      senders.map((sender) => sender.producerId),
      senders.map((sender) => sender.topic),
      clusterId,
    ],
  });
  return new Map(rows.map((row) => [`${row.topic}\n${row.value}`, row.message_id]));
}

/** Maximum keys of one day per search, since a common prefix may match half of all keys. */
const MAX_A_DAY = 500;
/** Days that are asked first, and alone where they answer. */
const NEWEST_DAYS = 2;

/**
 * Ids of messages whose key begins with a text: of the newest days that have any, newest first.
 * @param prefix at most 100 characters; what is longer is compared by its first 100
 */
export async function findByKeyPrefix(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const days = (await partitions.newestFirst()).map((day) => `ref_p${day}`);
  const ask = async (tables: string[], most: number): Promise<string[]> => {
    if (tables.length === 0 || most <= 0) return [];
    // A range, since a cached plan can't use an index for LIKE. `~<~` compares bytes, so every value with the prefix sorts
    // before the prefix followed by the last code point.
    const parts = tables.map(
      (
        table,
      ) => `(SELECT message_id FROM ${table} WHERE kind = 'key' AND left(value, 100) ~>=~ $1 AND left(value, 100) ~<~ $2
         AND cluster_id = $3 LIMIT ${MAX_A_DAY})`,
    );
    const { rows } = await store.query<{ message_id: string }>({
      text: `SELECT message_id FROM (${parts.join(' UNION ALL ')}) r ORDER BY message_id DESC LIMIT $4`,
      values: [prefix.slice(0, 100), `${prefix.slice(0, 100)}\u{10ffff}`, clusterId, most],
    });
    return rows.map((row) => row.message_id);
  };
  const found = await ask([...days.slice(0, NEWEST_DAYS), 'ref_default'], limit);
  return [...found, ...(await ask(days.slice(NEWEST_DAYS), limit - found.length))];
}

/** Positions, producers' ids and the like that one message is known by. @param table name of the partition */
export async function readRefs(
  store: Queryable,
  table: string,
  messageId: string,
): Promise<{ kind: RefKind; value: string }[]> {
  const { rows } = await store.query<{ kind: RefKind; value: string }>({
    ...prepared('refs', table),
    text: `SELECT kind, value FROM ${table} WHERE message_id = $1 ORDER BY kind, value`,
    values: [messageId],
  });
  return rows;
}
