import type { Pool } from 'pg';
import type { FetchPosition, MoveAnswer } from '@/lib/brokers/broker';
import { inTransaction } from '@/lib/postgres';
import { lockGroup } from './lock-group';
import { MEMBER_TIMEOUT_SECONDS } from './member-timeout';

/** Moves positions of a group that has no live members, all of them or none. See `Broker.movePositions`. */
export function movePositions(
  pool: Pool,
  group: string,
  to: readonly FetchPosition[],
): Promise<MoveAnswer[]> {
  return inTransaction(pool, async (client): Promise<MoveAnswer[]> => {
    // Who joins meanwhile waits, and begins at the new positions.
    await lockGroup(client, group);
    const { rows: live } = await client.query<{ member: string }>({
      name: 'embedded-live-members',
      text: `SELECT member FROM embedded_member
       WHERE group_name = $1 AND seen_at > now() - make_interval(secs => $2)`,
      values: [group, MEMBER_TIMEOUT_SECONDS],
    });
    if (live.length > 0) {
      const reason = `${live.length} members, such as ${live[0]?.member ?? ''}`;
      return to.map(() => ({ outcome: 'refused', why: 'has_members', reason }));
    }
    const { rows } = await client.query<{ topic: string; partition: number }>({
      name: 'embedded-move-positions',
      text: `INSERT INTO embedded_position (group_name, topic_id, partition, "offset")
       SELECT $1, t.id, p.partition, r."offset"
       FROM unnest($2::text[], $3::int[], $4::bigint[]) AS r (topic, partition, "offset")
       JOIN embedded_topic t ON t.name = r.topic
       JOIN embedded_partition p ON p.topic_id = t.id AND p.partition = r.partition
       ON CONFLICT (group_name, topic_id, partition) DO UPDATE
       SET "offset" = excluded."offset", metadata = NULL, committed_at = now()
       RETURNING (SELECT name FROM embedded_topic WHERE id = topic_id) AS topic, partition`,
      values: [
        group,
        to.map(({ topic }) => topic),
        to.map(({ partition }) => partition),
        to.map(({ offset }) => offset.toString()),
      ],
    });
    const moved = new Set(rows.map(({ topic, partition }) => `${topic}/${partition}`));
    return to.map(({ topic, partition }) =>
      moved.has(`${topic}/${partition}`)
        ? { outcome: 'moved' }
        : { outcome: 'refused', why: 'other', reason: `${topic}/${partition} does not exist` },
    );
  });
}
