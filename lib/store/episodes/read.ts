import type { Episode, EpisodeKind } from '@/lib/domain/episodes/episode';
import type { Queryable } from '@/lib/postgres';

export interface StoredEpisode {
  episode: Episode;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
}

interface Row {
  id: string;
  kind: string;
  subject: unknown;
  began: Date;
  began_earliest: Date | null;
  ended: Date | null;
  ended_earliest: Date | null;
  missing_since: Date | null;
  times: number;
  figures: unknown;
  caused_by: string | null;
  caused_by_rule: string | null;
  root: string;
  end_reason: string | null;
  ended_by: string | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
}

function storedOf(row: Row): StoredEpisode {
  const milliseconds = (at: Date | null) => at?.getTime() ?? null;
  return {
    // As it was written; the kind decides of which type subject and figures are.
    episode: {
      id: row.id,
      kind: row.kind,
      subject: row.subject,
      figures: row.figures,
      began: row.began.getTime(),
      beganEarliest: milliseconds(row.began_earliest),
      ended: milliseconds(row.ended),
      endedEarliest: milliseconds(row.ended_earliest),
      missingSince: milliseconds(row.missing_since),
      times: row.times,
      causedBy: row.caused_by,
      causedByRule: row.caused_by_rule,
      root: row.root,
      endReason: row.end_reason,
      endedBy: row.ended_by,
    } as Episode,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
  };
}

/** Episodes of a cluster of some kinds that are open, or ended since a moment. */
export async function readLately(
  store: Queryable,
  clusterId: number,
  since: Date,
  kinds: readonly EpisodeKind[],
): Promise<StoredEpisode[]> {
  const { rows } = await store.query<Row>({
    name: 'episodes-lately',
    text: `SELECT * FROM episode WHERE cluster_id = $1 AND tstzrange(began, ended, '[]') && tstzrange($2, NULL)
             AND kind = ANY($3::text[])`,
    values: [clusterId, since, kinds],
  });
  return rows.map(storedOf);
}

/**
 * Episodes of which one of the same root overlaps a span, the newest first. Where there are too many, those that began last are
 * read, and all that are open, that were there when the span began, or that are losses.
 * @param groupId only roots of which one is about this group, and those that are about no group; null: all
 * @param limit of those that began in the span
 * @returns also whether more began in the span
 */
export async function readSpan(
  store: Queryable,
  clusterId: number,
  from: Date,
  to: Date,
  groupId: number | null,
  limit: number,
): Promise<{ episodes: StoredEpisode[]; isCut: boolean }> {
  const ofGroup = '($4::int IS NULL OR group_id IS NULL OR group_id = $4)';
  const { rows } = await store.query<Row & { newest: number }>({
    name: 'episodes-of-span',
    text: `WITH newest AS MATERIALIZED (
       SELECT root FROM episode WHERE cluster_id = $1 AND began >= $2 AND began <= $3 AND ${ofGroup}
       ORDER BY began DESC LIMIT $5
     ), roots AS (
       SELECT root FROM newest
       UNION SELECT root FROM episode WHERE cluster_id = $1 AND tstzrange(began, ended, '[]') @> $2::timestamptz AND ${ofGroup}
       UNION SELECT root FROM episode WHERE cluster_id = $1 AND ended IS NULL AND began <= $3 AND ${ofGroup}
       UNION SELECT root FROM episode WHERE cluster_id = $1 AND kind = 'data_loss' AND began >= $2 AND began <= $3 AND ${ofGroup}
     )
     SELECT e.*, (SELECT count(*)::int FROM newest) AS newest FROM episode e JOIN roots USING (root) ORDER BY e.began DESC, e.id DESC`,
    values: [clusterId, from, to, groupId, limit],
  });
  return { episodes: rows.map(storedOf), isCut: (rows[0]?.newest ?? 0) >= limit };
}

/** Since when episodes are written. */
export async function readRemembersSince(store: Queryable): Promise<Date> {
  const { rows } = await store.query<{ since: Date }>(
    'SELECT max(remembers_since) AS since FROM installation',
  );
  return rows[0]?.since ?? new Date(0);
}
