import type { SearchHit } from '@/lib/contract/search';
import type { MessageListRow } from '@/lib/contract/messages';

/** A row of the list as a result of the palette. */
export function hitOf(row: MessageListRow): SearchHit {
  return {
    id: row.id,
    status: row.status,
    detail: row.detail,
    type: row.type,
    key: row.key,
    topic: row.topic,
    group: row.error && !row.error.past ? row.error.group : row.groups.worst,
    error: row.error && !row.error.past ? { type: row.error.type, message: row.error.message } : null,
    handled: row.groups.handled,
    total: row.groups.total,
    at: row.at,
  };
}
