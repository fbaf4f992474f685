import type { Queryable } from '@/lib/postgres';
import { insertEpisodes } from './write';

/** A retry that was accepted just now. */
export interface BegunRetry {
  id: string;
  operator: string;
  groups: string[];
  selected: number;
}

/** Writes that a retry begins. Its episode has the id of the retry. */
export async function beginRetryEpisode(
  store: Queryable,
  clusterId: number,
  { id, operator, groups, selected }: BegunRetry,
  at: Date,
): Promise<void> {
  await insertEpisodes(store, clusterId, [
    {
      id,
      kind: 'retry',
      subject: { retry: id },
      figures: { operator, groups, selected, outcomes: {} },
      began: at.getTime(),
      beganEarliest: at.getTime(),
      ended: null,
      endedEarliest: null,
      missingSince: null,
      times: 1,
      causedBy: null,
      causedByRule: null,
      root: id,
      endReason: null,
      endedBy: null,
      groupId: null,
    },
  ]);
}

/** The end of episodes of retries that end in the same statement, which `ended` has with their times; as SQL. */
export const END_RETRY_EPISODES = `UPDATE episode e SET ended = greatest(r.ended_at, e.began), ended_earliest = greatest(r.ended_at, e.began),
    end_reason = 'recovered', figures = json_build_object('operator', e.figures->'operator', 'groups', e.figures->'groups',
      'selected', e.figures->'selected', 'outcomes', coalesce((
        SELECT json_object_agg(s.state, s.count) FROM (
          SELECT state, count(*)::int AS count FROM retry_item WHERE retry_id = e.id GROUP BY state) s), '{}'))
  FROM ended r WHERE e.id = r.id AND e.ended IS NULL`;
