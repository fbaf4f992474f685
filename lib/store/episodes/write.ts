import { groupOf, keyOf, type Episode } from '@/lib/domain/episodes/episode';
import { storable } from '@/lib/protocol/text';
import type { Queryable } from '@/lib/postgres';
import { digestOf } from '../names/digest';
import { arraysOf, unnestOf, type Column } from '../sql/rows';

const MAX_NAME_BYTES = 1_024;

/** An episode with the number of its group. */
export type EpisodeRow = Episode & { groupId: number | null };

const HAS_GROWN = "e.kind = 'data_loss' AND e.figures::text <> r.figures::text";

const timeOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

const FIXED: Column<EpisodeRow>[] = [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'subject', type: 'json', of: (row) => JSON.stringify(row.subject) },
  { name: 'digest', type: 'uuid', of: (row) => digestOf(keyOf(row)) },
  { name: 'group_id', type: 'int', of: (row) => row.groupId },
  { name: 'began', type: 'timestamptz', of: (row) => timeOf(row.began) },
  { name: 'began_earliest', type: 'timestamptz', of: (row) => timeOf(row.beganEarliest) },
  { name: 'caused_by', type: 'uuid', of: (row) => row.causedBy },
  { name: 'caused_by_rule', type: 'text', of: (row) => row.causedByRule },
  { name: 'root', type: 'uuid', of: (row) => row.root },
];
const FOLLOWED: Column<EpisodeRow>[] = [
  { name: 'ended', type: 'timestamptz', of: (row) => timeOf(row.ended) },
  { name: 'ended_earliest', type: 'timestamptz', of: (row) => timeOf(row.endedEarliest) },
  { name: 'missing_since', type: 'timestamptz', of: (row) => timeOf(row.missingSince) },
  { name: 'times', type: 'int', of: (row) => row.times },
  { name: 'figures', type: 'json', of: (row) => JSON.stringify(row.figures) },
  { name: 'end_reason', type: 'text', of: (row) => row.endReason },
  {
    name: 'ended_by',
    type: 'text',
    of: (row) => row.endedBy && storable(row.endedBy, MAX_NAME_BYTES),
  },
];

/**
 * Writes episodes that begin. One that is open already goes on as it is: two processes may see the same begin.
 * @param rows those of one cluster
 */
export async function insertEpisodes(
  store: Queryable,
  clusterId: number,
  rows: readonly EpisodeRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = [...FIXED, ...FOLLOWED];
  const names = columns.map(({ name }) => name).join(', ');
  await store.query(
    `INSERT INTO episode (cluster_id, ${names}) SELECT $${columns.length + 1}, ${names} FROM ${unnestOf(columns)}
     ON CONFLICT DO NOTHING`,
    [...arraysOf(columns, rows), clusterId],
  );
}

/**
 * Writes figures and ends of open episodes. What is over is never written again. A loss that grows is not acknowledged any more.
 */
export async function updateEpisodes(store: Queryable, rows: readonly EpisodeRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = [FIXED[0], ...FOLLOWED].filter((column) => column !== undefined);
  const sets = FOLLOWED.map(({ name }) => `${name} = r.${name}`).join(', ');
  await store.query(
    `UPDATE episode e SET ${sets}, acknowledged_at = CASE WHEN ${HAS_GROWN} THEN NULL ELSE e.acknowledged_at END,
       acknowledged_by = CASE WHEN ${HAS_GROWN} THEN NULL ELSE e.acknowledged_by END FROM ${unnestOf(columns)} WHERE e.id = r.id AND e.ended IS NULL`,
    arraysOf(columns, rows),
  );
}

/** Numbers of the groups that episodes are about, by their names. */
export function withGroups(
  episodes: readonly Episode[],
  groupIds: ReadonlyMap<string, number>,
): EpisodeRow[] {
  return episodes.map((episode) => {
    const group = groupOf(episode);
    return { ...episode, groupId: group === null ? null : (groupIds.get(group) ?? null) };
  });
}
