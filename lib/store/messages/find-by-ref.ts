import { parsePosition } from '@/lib/protocol/position';
import type { Fact } from '@/lib/protocol/fact';
import { hashOfRef, type RefKind } from '@/lib/store/facts/refs';
import { uuidOfTrace } from '@/lib/store/facts/pack-fact';
import { formerHash, formerRefs } from '../former/refs';
import type { PartitionCatalog } from '../schema/partitions';
import type { Queryable } from '@/lib/postgres';

/** Values of one column that are sorted at most; one that more messages have is searched for from the newest message on. */
const MAX_SORTED = 2_000;

/** Where each kind is searched: a column of the message, rows of `ref`, or both. */
const COLUMN: Partial<
  Record<RefKind, { where: string; column: string; valueOf: (value: string) => unknown; type: string }>
> = {
  key: {
    where: 'left(m.key, 100) = left(v.value, 100) AND m.key = v.value',
    column: 'key',
    type: 'text',
    valueOf: (value) => value,
  },
  segment: {
    where: 'm.segment = v.value',
    column: 'segment',
    type: 'bigint',
    valueOf: (value) => hashOfRef('segment', value),
  },
  trace: { where: 'm.trace = v.value', column: 'trace', type: 'uuid', valueOf: uuidOfTrace },
};

/**
 * Returns the ids of messages that have one of the values as a ref, by the kind of the ref, newest first. One statement
 * covers all kinds on all days.
 * @param limit of each kind
 */
export async function findByRef(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  kinds: readonly RefKind[],
  values: readonly string[],
  limit: number,
): Promise<Map<RefKind, string[]>> {
  const parameters: unknown[] = [clusterId, limit];
  const arms: string[] = [];
  for (const kind of kinds) {
    const column = COLUMN[kind];
    if (column) {
      const known = values.map(column.valueOf).filter((value) => value !== null);
      arms.push(
        `SELECT '${kind}' AS kind, r.id, r.is_column FROM unnest($${parameters.push(known)}::${column.type}[]) AS v (value)
         CROSS JOIN LATERAL (SELECT m.id, true AS is_column FROM message m WHERE ${column.where} AND m.cluster_id = $1 LIMIT ${MAX_SORTED + 1}) r`,
      );
    }
    const hashes = values.map((value) => hashOfRef(kind, value));
    arms.push(
      `SELECT '${kind}' AS kind, r.id, false AS is_column FROM unnest($${parameters.push(hashes)}::bigint[]) AS v (hash)
       CROSS JOIN LATERAL (SELECT m.id FROM ref f JOIN message m ON m.id = f.message_id
         WHERE f.value_hash = v.hash AND m.cluster_id = $1 ORDER BY f.message_id DESC LIMIT $2) r`,
    );
  }
  if (kinds.includes('position')) {
    const places = values.map(parsePosition).filter((place) => place !== null);
    arms.push(ofOwnPosition(parameters, places.map(placeOf)));
  }
  const { rows } = await store.query<{ kind: RefKind; id: string; is_column: boolean }>({
    name: `by-ref ${kinds.join(' ')}`,
    text: arms.join(' UNION ALL '),
    values: parameters,
  });
  const found = new Map<RefKind, Set<string>>();
  const add = (kind: RefKind, id: string) => found.set(kind, (found.get(kind) ?? new Set()).add(id));
  for (const row of rows) add(row.kind, row.id);
  for (const kind of kinds) {
    const ofColumn = rows.filter((row) => row.kind === kind && row.is_column).length;
    if (ofColumn <= MAX_SORTED) continue;
    for (const id of await findNewest(store, partitions, clusterId, kind, values, limit)) add(kind, id);
  }
  if (await partitions.hasFormer())
    for (const [kind, id] of await formerRefs(store, clusterId, kinds, values, limit)) add(kind, id);
  // Several values may be of one message, and each has its own order.
  return new Map([...found].map(([kind, ids]) => [kind, [...ids].sort().reverse().slice(0, limit)]));
}

/** The newest messages with one of the values, day by day from the newest message on: for a value that many have. */
async function findNewest(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  kind: RefKind,
  values: readonly string[],
  limit: number,
): Promise<string[]> {
  const column = COLUMN[kind];
  if (!column) return [];
  const found: string[] = [];
  for (const day of [...(await partitions.newestFirst()).map((item) => `_p${item}`), '_default']) {
    if (found.length >= limit) break;
    const { rows } = await store.query<{ id: string }>(
      // The CASE keeps the column's index out: its hits would all have to be sorted.
      `SELECT id FROM message${day} m WHERE CASE WHEN m.cluster_id = $1 THEN m.${column.column} = ANY($2::${column.type}[]) END
       ORDER BY id DESC LIMIT $3`,
      [clusterId, values.map(column.valueOf).filter((value) => value !== null), limit - found.length],
    );
    found.push(...rows.map((row) => row.id));
  }
  return found;
}

const placeOf = ({ topic, partition, offset }: { topic: string; partition: number; offset: bigint }) => ({
  topic,
  partition,
  offset: offset.toString(),
});

/** An arm of a statement: messages whose own places these are. */
function ofOwnPosition(
  parameters: unknown[],
  places: { topic: string; partition: number; offset: string }[],
): string {
  const [topics, parts, offsets] = [
    parameters.push(places.map((place) => place.topic)),
    parameters.push(places.map((place) => place.partition)),
    parameters.push(places.map((place) => place.offset)),
  ];
  return `SELECT 'position' AS kind, m.id, false AS is_column FROM unnest($${topics}::text[], $${parts}::int[], $${offsets}::bigint[]) AS v (topic, partition, "offset")
    JOIN topic t ON t.cluster_id = $1 AND t.name = v.topic
    JOIN message m ON m.topic_id = t.id AND m.partition = v.partition AND m."offset" = v."offset"`;
}

/**
 * Messages with a header of a name and one of some values, newest first. They are found by the value and compared by the
 * name.
 */
export async function findByHeader(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  name: string,
  values: readonly string[],
  limit: number,
): Promise<string[]> {
  // The same value may be a header of another name.
  const looked = Math.max(limit, MAX_SORTED);
  const ids = (await findByRef(store, partitions, clusterId, ['alias'], values, looked)).get('alias') ?? [];
  if (ids.length === 0) return [];
  const sorted = [...ids].sort();
  const { rows } = await store.query<{ id: string; rest: string }>({
    name: 'headers-of',
    text: `SELECT id, rest FROM message WHERE id = ANY($1) AND id >= $2 AND id <= $3 AND rest IS NOT NULL
           UNION ALL
           SELECT message_id, coalesce(rest, body) FROM fact_read WHERE message_id = ANY($1) AND message_id >= $2 AND message_id <= $3
             AND coalesce(rest, body) LIKE '%"idHeaders"%'`,
    values: [sorted, sorted[0], sorted.at(-1)],
  });
  const wanted = new Set(values);
  const fits = rows.flatMap(({ id, rest }) => {
    const { idHeaders = [] } = JSON.parse(rest) as Pick<Fact, 'idHeaders'>;
    return idHeaders.some((header) => header.name === name && wanted.has(header.value)) ? [id] : [];
  });
  return [...new Set(fits)].sort().reverse().slice(0, limit);
}

/** The newest message that is known at each of some positions. @param positions as `topic/partition/offset` */
export async function findByPositions(
  store: Queryable,
  clusterId: number,
  positions: string[],
): Promise<Map<string, string>> {
  const places = positions.map((text) => ({ text, ...parsePosition(text) }));
  const { rows } = await store.query<{ value: string; message_id: string }>({
    name: 'by-positions',
    text: `SELECT p.value, r.message_id
           FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bytea[]) AS p (value, topic, partition, "offset", hash, former_hash)
           CROSS JOIN LATERAL (
             SELECT message_id FROM (
               (SELECT m.id AS message_id FROM topic t JOIN message m ON m.topic_id = t.id
                WHERE t.cluster_id = $7 AND t.name = p.topic AND m.partition = p.partition AND m."offset" = p."offset"
                ORDER BY m.id DESC LIMIT 1)
               UNION ALL
               (SELECT f.message_id FROM ref f JOIN message m ON m.id = f.message_id
                WHERE f.value_hash = p.hash AND m.cluster_id = $7 ORDER BY f.message_id DESC LIMIT 1)
               UNION ALL
               (SELECT o.message_id FROM former_ref o
                WHERE o.kind = 'position' AND o.value_hash = p.former_hash AND o.value = p.value AND o.cluster_id = $7
                ORDER BY o.message_id DESC LIMIT 1)
             ) found ORDER BY message_id DESC LIMIT 1) r`,
    values: [
      positions,
      places.map((place) => place.topic ?? null),
      places.map((place) => place.partition ?? null),
      places.map((place) => place.offset?.toString() ?? null),
      positions.map((text) => hashOfRef('position', text)),
      positions.map(formerHash),
      clusterId,
    ],
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
           FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[]) AS p (hash, former_hash, value, topic) CROSS JOIN LATERAL (
             SELECT message_id FROM (
               (SELECT r.message_id FROM ref r JOIN message m ON m.id = r.message_id JOIN topic t ON t.id = m.topic_id
                WHERE r.value_hash = p.hash AND m.cluster_id = $5 AND t.name = p.topic
                ORDER BY r.message_id DESC LIMIT 1)
               UNION ALL
               (SELECT r.message_id FROM former_ref r JOIN former_message m ON m.id = r.message_id JOIN topic t ON t.id = m.topic_id
                WHERE r.kind = 'producer' AND r.value_hash = p.former_hash AND r.value = p.value AND r.cluster_id = $5 AND t.name = p.topic
                ORDER BY r.message_id DESC LIMIT 1)
             ) found ORDER BY message_id DESC LIMIT 1) r`,
    values: [
      senders.map((sender) => hashOfRef('producer', sender.producerId)),
      senders.map((sender) => formerHash(sender.producerId)),
      senders.map((sender) => sender.producerId),
      senders.map((sender) => sender.topic),
      clusterId,
    ],
  });
  return new Map(rows.map((row) => [`${row.topic}\n${row.value}`, row.message_id]));
}
