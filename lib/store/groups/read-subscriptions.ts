import type { Queryable } from '@/lib/postgres';

export interface TopicSubscription {
  group: string;
  reports: boolean;
  retryTopic: string | null;
  retryReady: boolean;
}

/** Groups with a subscription to a topic. */
export async function readSubscriptions(store: Queryable, topicId: number): Promise<TopicSubscription[]> {
  const { rows } = await store.query<{
    name: string;
    reports: boolean;
    retry_topic: string | null;
    retry_ready: boolean;
  }>({
    name: 'read-subscriptions',
    text: `SELECT g.name, g.reports, s.retry_topic, s.retry_ready FROM subscription s
     JOIN consumer_group g ON g.id = s.group_id WHERE s.topic_id = $1 ORDER BY g.name`,
    values: [topicId],
  });
  return rows.map((row) => ({
    group: row.name,
    reports: row.reports,
    retryTopic: row.retry_topic,
    retryReady: row.retry_ready,
  }));
}

/** Types of messages on a topic, with who sends them. */
export async function readTypes(
  store: Queryable,
  topicId: number,
): Promise<{ type: string; service: string }[]> {
  const { rows } = await store.query<{ type: string; service: string }>({
    name: 'read-types',
    text: 'SELECT type, service FROM message_type WHERE topic_id = $1 ORDER BY type, service LIMIT 200',
    values: [topicId],
  });
  return rows;
}
