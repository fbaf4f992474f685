import type { DeliveryStatus } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';

export interface StoredFailure {
  groupId: number;
  group: string;
  type: string | null;
  error: string | null;
  message: string | null;
  status: DeliveryStatus;
  topics: string[];
  messages: number;
  gaveUp: number;
  attempts: number;
  firstAt: Date;
  lastAt: Date;
  releases: string[];
  hosts: number;
  newestId: string;
  onlyKey: string | null;
}

/** Deliveries that fail, of all days, with the fields that distinguish failures. Both halves read an index of these alone. */
const FAILING_DELIVERIES = `
  SELECT d.message_id, d.group_id, d.error_type, d.topic_id, d.status, d.gave_up, d.attempts, d.first_at, d.last_at,
    d.first_error_at, d.error_at,
    nullif(CASE WHEN s.is_overflow THEN (SELECT m.rest::json->'names'->>'type' FROM message m WHERE m.id = d.message_id)
      ELSE s.type END, '') AS type, d.origin_id, d.names, NULL AS host, NULL AS release
  FROM delivery d JOIN shape s ON s.id = d.shape_id
  WHERE d.status IN ('PUSH_FAIL', 'HANDLE_FAIL')
  UNION ALL
  SELECT d.message_id, d.group_id, d.error_type, m.topic_id, d.status, d.gave_up, d.attempts, d.first_at, d.last_at,
    d.first_error_at, d.error_at, m.type, NULL, NULL, d.host, d.release
  FROM former_delivery d JOIN former_message m ON m.id = d.message_id WHERE d.status IN ('PUSH_FAIL', 'HANDLE_FAIL')`;

/**
 * What fails now, by group, message type and error type, a message counted once for each group: a dead letter is a
 * delivery that gave up, and is the same delivery. Only failing deliveries are in the index that this reads.
 * @param only one of them, or null for all
 */
export async function readFailures(
  store: Queryable,
  clusterId: number,
  only: { groupId: number; type: string | null; error: string | null } | null,
  limit: number,
): Promise<StoredFailure[]> {
  const values: unknown[] = [clusterId, limit];
  let where = '';
  if (only) {
    values.push(only.groupId, only.type, only.error);
    where = 'AND d.group_id = $3 AND d.type IS NOT DISTINCT FROM $4 AND d.error_type IS NOT DISTINCT FROM $5';
  }
  const { rows } = await store.query<{
    group_id: number;
    group_name: string;
    type: string | null;
    error_type: string | null;
    message: string | null;
    status: DeliveryStatus;
    topics: (string | null)[];
    messages: number;
    gave_up: number;
    attempts: number;
    first_at: Date;
    last_at: Date;
    releases: (string | null)[];
    hosts: number;
    last_id: string;
    only_key: string | null;
  }>(
    // Counted by release and host first, so that nothing but a few rows is ever sorted.
    `WITH part AS MATERIALIZED (
       SELECT d.group_id, d.type, d.error_type, d.topic_id, d.origin_id, d.names, d.release, d.host, max(d.status) AS status,
         count(*) AS messages, count(*) FILTER (WHERE d.gave_up) AS gave_up, sum(d.attempts) AS attempts,
         min(coalesce(d.first_error_at, d.first_at)) AS first_at, max(coalesce(d.first_error_at, d.first_at)) AS began_at,
         max(coalesce(d.error_at, d.last_at)) AS last_at, max(d.message_id::text) AS last_id
       FROM (${FAILING_DELIVERIES}) d JOIN consumer_group g ON g.id = d.group_id
       WHERE g.cluster_id = $1 ${where}
       GROUP BY d.group_id, d.type, d.error_type, d.topic_id, d.origin_id, d.names, d.release, d.host
     ), placed AS (
       SELECT p.*, coalesce(p.host, CASE WHEN p.names IS NULL THEN nullif(o.host, '') ELSE p.names::json->>'host' END) AS at_host,
         coalesce(p.release, CASE WHEN p.names IS NULL THEN nullif(o.release, '') ELSE p.names::json->>'release' END) AS of_release
       FROM part p LEFT JOIN origin o ON o.id = p.origin_id
     ), found AS (
       SELECT p.group_id, p.type, p.error_type, max(p.status) AS status, array_agg(DISTINCT t.name) AS topics,
         sum(p.messages)::int AS messages, sum(p.gave_up)::int AS gave_up, sum(p.attempts)::int AS attempts,
         min(p.first_at) AS first_at, max(p.began_at) AS began_at, max(p.last_at) AS last_at,
         array_agg(p.of_release ORDER BY p.first_at) AS releases, count(DISTINCT p.at_host)::int AS hosts,
         max(p.last_id)::uuid AS last_id
       FROM placed p LEFT JOIN topic t ON t.id = p.topic_id GROUP BY p.group_id, p.type, p.error_type
       ORDER BY max(p.began_at) DESC LIMIT $2
     )
     SELECT f.*, g.name AS group_name, d.error_message AS message,
       CASE WHEN f.messages = 1 THEN (SELECT key FROM message_read WHERE id = f.last_id) END AS only_key
     FROM found f JOIN consumer_group g ON g.id = f.group_id
       LEFT JOIN LATERAL (SELECT error_message FROM delivery_read
         WHERE message_id = f.last_id AND group_id = f.group_id OFFSET 0) d ON true
     ORDER BY f.began_at DESC`,
    values,
  );
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.group_name,
    type: row.type,
    error: row.error_type,
    message: row.message,
    status: row.status,
    topics: row.topics.filter((topic) => topic !== null),
    messages: row.messages,
    gaveUp: row.gave_up,
    attempts: row.attempts,
    firstAt: row.first_at,
    lastAt: row.last_at,
    releases: [...new Set(row.releases.filter((release) => release !== null))],
    hosts: row.hosts,
    newestId: row.last_id,
    onlyKey: row.only_key,
  }));
}

/** How many deliveries began to fail in each step of a span, by failure. */
export async function readTrends(
  store: Queryable,
  clusterId: number,
  from: Date,
  stepSeconds: number,
): Promise<
  {
    groupId: number;
    type: string | null;
    error: string | null;
    status: DeliveryStatus;
    step: number;
    count: number;
  }[]
> {
  const { rows } = await store.query<{
    group_id: number;
    type: string | null;
    error_type: string | null;
    status: DeliveryStatus;
    step: number;
    count: number;
  }>({
    name: 'read-trends',
    text: `SELECT d.group_id, d.type, d.error_type, d.status,
       floor(extract(epoch FROM d.first_error_at - $2::timestamptz) / $3)::int AS step, count(*)::int AS count
     FROM (${FAILING_DELIVERIES}) d JOIN consumer_group g ON g.id = d.group_id
     WHERE g.cluster_id = $1 AND d.first_error_at >= $2
     GROUP BY 1, 2, 3, 4, 5`,
    values: [clusterId, from, stepSeconds],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    type: row.type,
    error: row.error_type,
    status: row.status,
    step: row.step,
    count: row.count,
  }));
}
