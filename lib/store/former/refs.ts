import { hash } from 'node:crypto';
import type { Queryable } from '@/lib/postgres';
import type { RefKind } from '../facts/refs';

/** The first 16 bytes of SHA-256: the index key of a ref in the former tables. */
export function formerHash(value: string): Buffer {
  return hash('sha256', value, 'buffer').subarray(0, 16);
}

/** Messages in the former tables that have one of the values as a ref, newest first within a kind and value. */
export async function formerRefs(
  store: Queryable,
  clusterId: number,
  kinds: readonly RefKind[],
  values: readonly string[],
  limit: number,
): Promise<[RefKind, string][]> {
  const { rows } = await store.query<{ kind: RefKind; message_id: string }>({
    name: 'former-refs',
    text: `SELECT k.kind, r.message_id FROM unnest($1::text[]) AS k (kind) CROSS JOIN unnest($2::bytea[], $3::text[]) AS v (hash, value)
           CROSS JOIN LATERAL (
             SELECT message_id FROM former_ref
             WHERE kind = k.kind AND value_hash = v.hash AND value = v.value AND cluster_id = $4
             ORDER BY message_id DESC LIMIT $5) r`,
    values: [kinds, values.map(formerHash), values, clusterId, limit],
  });
  return rows.map((row) => [row.kind, row.message_id]);
}
