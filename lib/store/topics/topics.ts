import { INTERNAL_TOPIC } from '@/lib/protocol/topics';
import type { Queryable } from '@/lib/postgres';

/** Incarnations of topics that are known, by name. */
export async function incarnationsOf(
  store: Queryable,
  clusterId: number,
  names: string[],
): Promise<Map<string, string>> {
  const { rows } = await store.query<{ name: string; incarnation: string }>({
    name: 'incarnations-of',
    text: 'SELECT name, incarnation FROM topic WHERE cluster_id = $1 AND name = ANY($2) AND incarnation IS NOT NULL',
    values: [clusterId, names],
  });
  return new Map(rows.map((row) => [row.name, row.incarnation]));
}

/** Writes topics as the broker reports them. */
export async function updateTopics(
  store: Queryable,
  clusterId: number,
  topics: { name: string; incarnation: string | null; partitions: number }[],
): Promise<void> {
  await store.query({
    name: 'put-topics',
    text: `INSERT INTO topic (cluster_id, name, incarnation, partitions)
     SELECT $1, name, incarnation, partitions FROM unnest($2::text[], $3::text[], $4::int[]) AS r (name, incarnation, partitions)
     ON CONFLICT (cluster_id, name) DO UPDATE
     SET incarnation = excluded.incarnation, partitions = excluded.partitions, gone_at = NULL
     WHERE (topic.incarnation, topic.partitions, topic.gone_at) IS DISTINCT FROM (excluded.incarnation, excluded.partitions, NULL)`,
    values: [
      clusterId,
      topics.map((topic) => topic.name),
      topics.map((topic) => topic.incarnation),
      topics.map((topic) => topic.partitions),
    ],
  });
  await store.query({
    name: 'mark-topics-gone',
    text: `UPDATE topic SET gone_at = now() WHERE cluster_id = $1 AND gone_at IS NULL AND partitions IS NOT NULL AND name <> ALL($2)`,
    values: [clusterId, topics.map((topic) => topic.name)],
  });
}

export const BODY_POLICIES = ['none', 'failures', 'all'] as const;
export type BodyPolicy = (typeof BODY_POLICIES)[number];

export interface TopicPolicy {
  id: number;
  name: string;
  indexed: boolean;
  /** Names of headers whose values are ids that people search by. */
  idHeaders: string[];
  /** Of which messages a copy of the bytes is kept. */
  bodyPolicy: BodyPolicy;
  firstSeenAt: Date;
  goneAt: Date | null;
}

/** What is to be kept of each topic's messages, by the topic's name. */
export async function readPolicies(store: Queryable, clusterId: number): Promise<Map<string, TopicPolicy>> {
  const { rows } = await store.query<{
    id: number;
    name: string;
    indexed: boolean;
    id_headers: string[];
    body_policy: BodyPolicy;
    first_seen_at: Date;
    gone_at: Date | null;
  }>({
    name: 'read-policies',
    text: 'SELECT id, name, indexed, id_headers, body_policy, first_seen_at, gone_at FROM topic WHERE cluster_id = $1',
    values: [clusterId],
  });
  return new Map(
    rows.map((row) => [
      row.name,
      {
        id: row.id,
        name: row.name,
        indexed: row.indexed,
        idHeaders: row.id_headers,
        bodyPolicy: row.body_policy,
        firstSeenAt: row.first_seen_at,
        goneAt: row.gone_at,
      },
    ]),
  );
}

/** What is to be kept of a topic's messages, held against others until the transaction ends; null where there is no such topic. */
export async function lockPolicy(
  store: Queryable,
  clusterId: number,
  name: string,
): Promise<Pick<TopicPolicy, 'indexed' | 'idHeaders' | 'bodyPolicy'> | null> {
  const { rows } = await store.query<{ indexed: boolean; id_headers: string[]; body_policy: BodyPolicy }>({
    name: 'lock-policy',
    text: 'SELECT indexed, id_headers, body_policy FROM topic WHERE cluster_id = $1 AND name = $2 FOR UPDATE',
    values: [clusterId, name],
  });
  const [row] = rows;
  return row ? { indexed: row.indexed, idHeaders: row.id_headers, bodyPolicy: row.body_policy } : null;
}

/** Sets what is to be kept of a topic's messages. */
export async function writePolicy(
  store: Queryable,
  clusterId: number,
  name: string,
  policy: Pick<TopicPolicy, 'indexed' | 'idHeaders' | 'bodyPolicy'>,
): Promise<void> {
  await store.query({
    name: 'write-policy',
    text: 'UPDATE topic SET indexed = $3, id_headers = $4, body_policy = $5 WHERE cluster_id = $1 AND name = $2',
    values: [clusterId, name, policy.indexed, policy.idHeaders, policy.bodyPolicy],
  });
}

/** How many topics that hold messages are read by the topic index, and how many are not. */
export async function countIndexed(
  store: Queryable,
  clusterId: number,
): Promise<{ indexed: number; notIndexed: number }> {
  const { rows } = await store.query<{ indexed: number; notIndexed: number }>({
    name: 'count-indexed',
    text: `SELECT count(*) FILTER (WHERE indexed)::int AS indexed, count(*) FILTER (WHERE NOT indexed)::int AS "notIndexed"
     FROM topic WHERE cluster_id = $1 AND gone_at IS NULL AND partitions IS NOT NULL AND name !~ $2`,
    values: [clusterId, INTERNAL_TOPIC],
  });
  return rows[0] ?? { indexed: 0, notIndexed: 0 };
}
