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
  await store.query(
    `INSERT INTO audit_entry (operator_id, operator_name, operation, cluster_id, object, reason, outcome, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      entry.operatorId,
      entry.operatorName,
      entry.operation,
      entry.clusterId,
      entry.object,
      entry.reason,
      entry.outcome,
      JSON.stringify(entry.detail ?? {}),
    ],
  );
}
