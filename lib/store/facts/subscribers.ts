import type { Subscriber } from '@/lib/domain/messages/expected';
import type { Queryable } from '@/lib/postgres';

/** Groups that report outcomes and are subscribed to one of the topics. */
export async function readSubscribers(
  store: Queryable,
  topicIds: number[],
): Promise<(Subscriber & { groupId: number })[]> {
  const { rows } = await store.query<{
    group_id: number;
    group_name: string;
    topic_name: string;
    types: string[] | null;
    began_at: Date;
  }>({
    name: 'expected-by',
    text: `SELECT s.group_id, g.name AS group_name, t.name AS topic_name, s.types, s.began_at FROM subscription s
           JOIN consumer_group g ON g.id = s.group_id JOIN topic t ON t.id = s.topic_id
           WHERE g.reports AND s.topic_id = ANY($1)`,
    values: [topicIds],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.group_name,
    topic: row.topic_name,
    types: row.types,
    beganAt: row.began_at,
  }));
}
