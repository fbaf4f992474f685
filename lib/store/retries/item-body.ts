import { decodeHeaders, encodeHeaders, type HeaderPair } from '@/lib/protocol/header-text';
import type { Queryable } from '@/lib/postgres';

/** The record of an item that is on no topic yet. It is kept for as long as the item, whatever the retention of bodies. */
export interface ItemBody {
  key: Buffer | null;
  value: Buffer | null;
  headers: HeaderPair[];
}

/** Stores what an item will send. */
export async function insertItemBody(store: Queryable, itemId: string, body: ItemBody): Promise<void> {
  await store.query({
    name: 'insert-item-body',
    text: 'INSERT INTO item_body (item_id, key, headers, payload) VALUES ($1, $2, $3, $4)',
    values: [itemId, body.key, encodeHeaders(body.headers), body.value],
  });
}

/** What an item sends; null where its record is read from elsewhere. */
export async function readItemBody(store: Queryable, itemId: string): Promise<ItemBody | null> {
  const { rows } = await store.query<{ key: Buffer | null; headers: string; payload: Buffer | null }>({
    name: 'read-item-body',
    text: 'SELECT key, headers, payload FROM item_body WHERE item_id = $1',
    values: [itemId],
  });
  const [row] = rows;
  return row ? { key: row.key, value: row.payload, headers: decodeHeaders(row.headers) } : null;
}
