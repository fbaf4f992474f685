import type { Queryable } from '@/lib/postgres';

/** A visit is another one after this time without a page in view, as SQL. */
const VISIT_ENDS_AFTER = "interval '30 minutes'";
const REMEMBERED_MS = 7 * 86_400_000;

/** Notes that an operator has a page in view; once a minute is enough. */
export async function noteVisit(store: Queryable, operatorId: number | null): Promise<void> {
  if (operatorId === null) return;
  await store.query({
    name: 'note-visit',
    text: `INSERT INTO operator_visit (operator_id, seen_at) VALUES ($1, now())
     ON CONFLICT (operator_id) DO UPDATE SET seen_at = now(),
       former_seen_at = CASE WHEN operator_visit.seen_at < now() - ${VISIT_ENDS_AFTER} THEN operator_visit.seen_at
         ELSE operator_visit.former_seen_at END
     WHERE operator_visit.seen_at < now() - interval '1 minute'`,
    values: [operatorId],
  });
}

/** When an operator was here before the present visit; null: not within the last seven days. */
export async function readLastVisit(
  store: Queryable,
  operatorId: number | null,
  now: Date,
): Promise<Date | null> {
  if (operatorId === null) return null;
  const { rows } = await store.query<{ at: Date | null }>({
    name: 'last-visit',
    text: `SELECT CASE WHEN seen_at < $2::timestamptz - ${VISIT_ENDS_AFTER} THEN seen_at ELSE former_seen_at END AS at
           FROM operator_visit WHERE operator_id = $1`,
    values: [operatorId, now],
  });
  const at = rows[0]?.at ?? null;
  return at !== null && now.getTime() - at.getTime() <= REMEMBERED_MS ? at : null;
}
