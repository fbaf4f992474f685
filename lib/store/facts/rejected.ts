import type { Queryable } from '@/lib/postgres';

/** Keeps what a source sent and could not be understood, so that it can be looked at; the same place twice is one row. */
export async function keepRejected(
  store: Queryable,
  source: string,
  rejected: { place: string; reason: string; body: Buffer }[],
): Promise<void> {
  if (rejected.length === 0) return;
  await store.query(
    `INSERT INTO fact_rejected (source, place, reason, body)
     SELECT $1, place, reason, body FROM unnest($2::text[], $3::text[], $4::bytea[]) AS r (place, reason, body)
     ON CONFLICT (place) DO NOTHING`,
    [
      source,
      rejected.map((one) => one.place),
      rejected.map((one) => one.reason),
      rejected.map((one) => one.body.subarray(0, 65_536)),
    ],
  );
}
