import { KIND_NUMBER } from '../facts/pack-fact';
import { prepared } from '../sql/prepared';
import type { PartitionCatalog } from '../schema/partitions';
import type { Queryable } from '@/lib/postgres';

export interface DeliveryRef {
  messageId: string;
  groupId: number;
}

/** Stacks of the newest failing facts of deliveries, in their order; null where none was reported. Each day is asked once. */
export async function readStacks(
  store: Queryable,
  partitions: PartitionCatalog,
  deliveries: DeliveryRef[],
): Promise<(string | null)[]> {
  const days = await partitions.split('fact_read', [
    ...new Set(deliveries.map(({ messageId }) => messageId)),
  ]);
  const lists = await Promise.all(
    [...days].map(async ([table, ids]) => {
      const of = deliveries.filter(({ messageId }) => ids.includes(messageId));
      const { rows } = await store.query<{ message_id: string; group_id: number; body: string | null }>({
        ...prepared('stacks', table),
        text: `SELECT DISTINCT ON (f.message_id, f.group_id) f.message_id, f.group_id, coalesce(f.rest, f.body) AS body
               FROM ${table} f JOIN unnest($1::uuid[], $2::int[]) AS d (message_id, group_id)
                 ON f.message_id = d.message_id AND f.group_id = d.group_id
               WHERE f.message_id = ANY($1) AND f.kind IN (${KIND_NUMBER.handle_failed}, ${KIND_NUMBER.push_failed})
               ORDER BY f.message_id, f.group_id, f.at DESC, f.fact_id DESC`,
        values: [of.map(({ messageId }) => messageId), of.map(({ groupId }) => groupId)],
      });
      return rows;
    }),
  );
  const key = (messageId: string, groupId: number) => `${messageId} ${groupId}`;
  const bodies = new Map(lists.flat().map((row) => [key(row.message_id, row.group_id), row.body]));
  return deliveries.map(({ messageId, groupId }) => {
    const body = bodies.get(key(messageId, groupId));
    if (body === undefined) return null;
    const { error } = JSON.parse(body ?? '{}') as { error?: { stack?: string } };
    return error?.stack ?? null;
  });
}
