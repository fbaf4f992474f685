import { storable } from '@/lib/protocol/text';
import type { Queryable } from '@/lib/postgres';

const MAX_REASON_BYTES = 4_096;
const MAX_BODY_BYTES = 65_536;

/** A malformed fact or record, with its position. */
export interface Rejected {
  place: string;
  reason: string;
  body: Buffer;
}

/** Stores malformed facts and records for inspection; the same position twice is one row. */
export async function keepRejected(
  store: Queryable,
  clusterId: number,
  source: string,
  rejected: Rejected[],
): Promise<void> {
  if (rejected.length === 0) return;
  await store.query({
    name: 'keep-rejected',
    text: `INSERT INTO fact_rejected (source, place, reason, body, cluster_id)
     SELECT $1, place, reason, body, $5 FROM unnest($2::text[], $3::text[], $4::bytea[]) AS r (place, reason, body)
     ON CONFLICT (cluster_id, source, place) DO NOTHING`,
    values: [
      source,
      rejected.map((item) => item.place),
      // An error's words may quote what it is about.
      rejected.map((item) => storable(item.reason, MAX_REASON_BYTES)),
      rejected.map((item) => item.body.subarray(0, MAX_BODY_BYTES)),
      clusterId,
    ],
  });
}
