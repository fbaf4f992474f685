import { positionText } from '@/lib/protocol/position';
import { createHash } from 'node:crypto';
import { encodeHeaders, type HeaderPair } from '@/lib/protocol/header-text';
import type { Queryable } from '@/lib/postgres';

/** Payloads over this size are kept cut; the whole is read from the broker by position while it is there. */
const MAX_BYTES = 1_048_576;

/** A record of a topic. */
export interface StoredRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: HeaderPair[];
}

/** Keeps a copy of a record's bytes; the first copy of a role stays. */
export async function keepBody(
  store: Queryable,
  given: { messageId: string; role: string; clusterId: number; record: StoredRecord },
): Promise<void> {
  const { record } = given;
  const value = record.value;
  await store.query({
    name: 'keep-body',
    text: `INSERT INTO body (message_id, role, cluster_id, key, headers, payload, sha256, size, truncated, taken_from)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (message_id, role) DO NOTHING`,
    values: [
      given.messageId,
      given.role,
      given.clusterId,
      record.key,
      encodeHeaders(record.headers),
      value?.subarray(0, MAX_BYTES) ?? null,
      value === null ? null : createHash('sha256').update(value).digest(),
      value?.length ?? 0,
      (value?.length ?? 0) > MAX_BYTES,
      positionText(record),
    ],
  });
}
