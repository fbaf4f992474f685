import type { Queryable } from '@/lib/postgres';

/**
 * Shapes of messages on which no service reports: those whose topic and type no subscription takes. An overflow, which has many
 * types, is one only where its topic has no subscription at all.
 */
export async function readUnreportedShapes(store: Queryable, clusterId: number): Promise<number[]> {
  const { rows } = await store.query<{ id: number }>({
    name: 'unreported-shapes',
    text: `SELECT s.id FROM shape s WHERE s.cluster_id = $1 AND NOT EXISTS (
             SELECT FROM subscription u JOIN consumer_group g ON g.id = u.group_id
             WHERE u.topic_id = s.topic_id AND g.reports AND (u.types IS NULL OR s.is_overflow OR s.type = ANY(u.types)))`,
    values: [clusterId],
  });
  return rows.map((row) => row.id);
}
