import type { Queryable } from '@/lib/postgres';

export interface Subscriber {
  groupId: number;
  group: string;
  topicId: number;
  types: string[] | null;
  beganAt: Date;
}

/** Groups that report outcomes and are subscribed to one of the topics. */
export async function expectedBy(store: Queryable, topicIds: number[]): Promise<Subscriber[]> {
  const { rows } = await store.query<{
    group_id: number;
    name: string;
    topic_id: number;
    types: string[] | null;
    began_at: Date;
  }>({
    name: 'expected-by',
    text: `SELECT s.group_id, g.name, s.topic_id, s.types, s.began_at FROM subscription s
           JOIN consumer_group g ON g.id = s.group_id WHERE g.reports AND s.topic_id = ANY($1)`,
    values: [topicIds],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.name,
    topicId: row.topic_id,
    types: row.types,
    beganAt: row.began_at,
  }));
}
