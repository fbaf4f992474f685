import type { Queryable } from '@/lib/postgres';

/** A fact whose message is not known yet, as it was reported. */
export interface WaitingFact {
  factId: string;
  /** Where it was read. */
  source: string;
  /** The fact as JSON. */
  body: string;
  receivedAt: Date;
}

/** Keeps facts until their message is known; one that waits already is one. */
export async function keepWaiting(
  store: Queryable,
  clusterId: number,
  facts: readonly WaitingFact[],
): Promise<void> {
  if (facts.length === 0) return;
  await store.query({
    name: 'keep-waiting',
    text: `INSERT INTO fact_waiting (cluster_id, fact_id, source, body, received_at, look_at)
           SELECT $1, fact_id, source, body, received_at, received_at
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS r (fact_id, source, body, received_at)
           ON CONFLICT DO NOTHING`,
    values: [
      clusterId,
      facts.map((fact) => fact.factId),
      facts.map((fact) => fact.source),
      facts.map((fact) => fact.body),
      facts.map((fact) => fact.receivedAt),
    ],
  });
}

/** Reads waiting facts that are due to be resolved, oldest first. */
export async function readWaiting(
  store: Queryable,
  clusterId: number,
  now: Date,
  limit: number,
): Promise<WaitingFact[]> {
  const { rows } = await store.query<{ fact_id: string; source: string; body: string; received_at: Date }>({
    name: 'read-waiting',
    text: `SELECT fact_id, source, body, received_at FROM fact_waiting
           WHERE cluster_id = $1 AND look_at <= $2 ORDER BY look_at LIMIT $3`,
    values: [clusterId, now, limit],
  });
  return rows.map((row) => ({
    factId: row.fact_id,
    source: row.source,
    body: row.body,
    receivedAt: row.received_at,
  }));
}

/** Schedules the next attempt of waiting facts. */
export async function postponeWaiting(
  store: Queryable,
  clusterId: number,
  facts: readonly { factId: string; lookAt: Date }[],
): Promise<void> {
  if (facts.length === 0) return;
  await store.query({
    name: 'postpone-waiting',
    text: `UPDATE fact_waiting w SET look_at = r.look_at
           FROM unnest($2::uuid[], $3::timestamptz[]) AS r (fact_id, look_at)
           WHERE w.cluster_id = $1 AND w.fact_id = r.fact_id`,
    values: [clusterId, facts.map((fact) => fact.factId), facts.map((fact) => fact.lookAt)],
  });
}

/** Lets go of facts whose message is known by now, in the transaction that writes them. */
export async function dropWaiting(
  store: Queryable,
  clusterId: number,
  factIds: readonly string[],
): Promise<void> {
  await store.query({
    name: 'drop-waiting',
    text: 'DELETE FROM fact_waiting WHERE cluster_id = $1 AND fact_id = ANY($2)',
    values: [clusterId, factIds],
  });
}

/** How many facts of a cluster wait, and since when the oldest does. */
export async function countWaiting(
  store: Queryable,
  clusterId: number,
): Promise<{ count: number; since: Date | null }> {
  const { rows } = await store.query<{ count: number; since: Date | null }>({
    name: 'count-waiting',
    text: 'SELECT count(*)::int AS count, min(received_at) AS since FROM fact_waiting WHERE cluster_id = $1',
    values: [clusterId],
  });
  return rows[0] ?? { count: 0, since: null };
}
