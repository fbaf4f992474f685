import type { Queryable } from '@/lib/postgres';

/** Instances of one release of a service on one host. */
export interface StoredRelease {
  service: string;
  release: string;
  host: string;
  /** When the first and the last of them started. */
  firstStart: Date;
  lastStart: Date;
  lastSeen: Date;
  groups: string[];
}

/** Most releases that are followed. */
const MAX_ROWS = 5_000;

/** Releases of services that an instance reported of since a moment. */
export async function readReleases(
  store: Queryable,
  clusterId: number,
  since: Date,
): Promise<StoredRelease[]> {
  const { rows } = await store.query<{
    service: string;
    release: string;
    host: string;
    first_start: Date;
    last_start: Date;
    last_seen: Date;
    groups: string[] | null;
  }>({
    name: 'episode-releases',
    text: `SELECT service, release, host, min(started_at) AS first_start, max(started_at) AS last_start, max(last_seen_at) AS last_seen,
             array_agg(DISTINCT g.name) FILTER (WHERE g.name IS NOT NULL) AS groups
           FROM instance i LEFT JOIN LATERAL unnest(i.groups) AS g (name) ON true
           WHERE cluster_id = $1 AND last_seen_at > $2 AND release <> ''
           GROUP BY 1, 2, 3 ORDER BY max(started_at) DESC LIMIT ${MAX_ROWS}`,
    values: [clusterId, since],
  });
  return rows.map((row) => ({
    service: row.service,
    release: row.release,
    host: row.host,
    firstStart: row.first_start,
    lastStart: row.last_start,
    lastSeen: row.last_seen,
    groups: row.groups ?? [],
  }));
}

/** Names of the groups that read the retry topics of other groups: they are a part of those, and no groups of their own. */
export async function readGroupsWithRetryTopic(store: Queryable, clusterId: number): Promise<string[]> {
  const { rows } = await store.query<{ name: string }>({
    name: 'groups-with-retry-topic',
    text: `SELECT g.name FROM consumer_group g WHERE g.cluster_id = $1
             AND EXISTS (SELECT 1 FROM subscription s WHERE s.group_id = g.id AND s.retry_topic IS NOT NULL)`,
    values: [clusterId],
  });
  return rows.map(({ name }) => name);
}
