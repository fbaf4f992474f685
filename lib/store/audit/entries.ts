import type { Queryable } from '@/lib/postgres';

export interface AuditEntry {
  operatorId: number | null;
  operatorName: string;
  operation: string;
  clusterId: number | null;
  object: string | null;
  reason: string | null;
  outcome: 'done' | 'refused';
  detail?: Record<string, unknown>;
}

/** Writes one audit entry; within the caller's transaction, so that no change is without one. */
export async function writeAudit(store: Queryable, entry: AuditEntry): Promise<void> {
  await store.query({
    name: 'write-audit',
    text: `INSERT INTO audit_entry (operator_id, operator_name, operation, cluster_id, object, reason, outcome, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      entry.operatorId,
      entry.operatorName,
      entry.operation,
      entry.clusterId,
      entry.object,
      entry.reason,
      entry.outcome,
      JSON.stringify(entry.detail ?? {}),
    ],
  });
}

/** Writes the audit entry of a read, at most once an hour. */
export async function writeReadAudit(store: Queryable, entry: AuditEntry): Promise<void> {
  await store.query({
    name: 'write-read-audit',
    text: `INSERT INTO audit_entry (operator_id, operator_name, operation, cluster_id, object, outcome, detail)
     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (
       SELECT 1 FROM audit_entry WHERE object = $5 AND operation = $3 AND cluster_id = $4
         AND operator_id IS NOT DISTINCT FROM $1 AND at >= date_trunc('hour', now()))`,
    values: [
      entry.operatorId,
      entry.operatorName,
      entry.operation,
      entry.clusterId,
      entry.object,
      entry.outcome,
      JSON.stringify(entry.detail ?? {}),
    ],
  });
}

/** The actor and time of the last operation on an object; null if there was none. */
export async function readLastChange(
  store: Queryable,
  clusterId: number,
  operation: string,
  object: string,
): Promise<{ operator: string; at: Date } | null> {
  const { rows } = await store.query<{ operator: string; at: Date }>({
    name: 'read-last-change',
    text: `SELECT operator_name AS operator, at FROM audit_entry
     WHERE cluster_id = $1 AND operation = $2 AND object = $3 AND outcome = 'done' ORDER BY id DESC LIMIT 1`,
    values: [clusterId, operation, object],
  });
  return rows[0] ?? null;
}
