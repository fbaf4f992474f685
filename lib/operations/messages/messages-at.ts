import type { MessageListRow } from '@/lib/contract/messages';
import { findByPositions } from '@/lib/store/messages/find-by-ref';
import { readMessages } from '@/lib/store/messages/read-message';
import type { Context } from '@/lib/context/context';
import { rowsWithDeliveries } from './list-rows';

/**
 * The messages that are known at positions, as one group sees them.
 * @param positions as `topic/partition/offset`; those of which nothing is known are left out
 */
export async function messagesAt(
  context: Context,
  positions: string[],
  group: string,
): Promise<Map<string, MessageListRow>> {
  if (positions.length === 0) return new Map();
  const ids = await findByPositions(context.store, context.cluster.id, positions);
  const messages = await readMessages(context.store, context.partitions, context.cluster.id, [
    ...new Set(ids.values()),
  ]);
  const rows = new Map(
    (await rowsWithDeliveries(context, messages, group)).map((row): [string, MessageListRow] => [
      row.id,
      row,
    ]),
  );
  return new Map(
    [...ids].flatMap(([position, id]): [string, MessageListRow][] => {
      const row = rows.get(id);
      return row ? [[position, row]] : [];
    }),
  );
}
