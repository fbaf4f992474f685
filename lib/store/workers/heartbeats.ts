import type { HeartbeatDetail, WorkerName, WorkerState } from '@/lib/domain/workers/worker';
import type { Queryable } from '@/lib/postgres';

export interface Heartbeat {
  worker: WorkerName;
  cluster: string;
  process: string;
  host: string;
  startedAt: Date;
  beatAt: Date;
  state: WorkerState;
  detail: HeartbeatDetail;
}

/** Writes one heartbeat of each worker of a process; rows of processes that are gone for a day are removed. */
export async function writeHeartbeats(
  store: Queryable,
  workers: { name: string; cluster: string; state: WorkerState; detail: HeartbeatDetail }[],
  process: { process: string; host: string; startedAt: Date },
): Promise<void> {
  await store.query({
    name: 'write-heartbeats',
    text: `INSERT INTO worker_heartbeat (worker, cluster, process, host, started_at, state, detail)
     SELECT r.name, r.cluster, $1, $2, $3, r.state, r.detail
     FROM jsonb_to_recordset($4) AS r (name text, cluster text, state text, detail jsonb)
     ON CONFLICT (worker, cluster, process) DO UPDATE
     SET beat_at = now(), state = excluded.state, detail = excluded.detail, started_at = excluded.started_at, host = excluded.host`,
    values: [process.process, process.host, process.startedAt, JSON.stringify(workers)],
  });
  await store.query({
    name: 'remove-old-heartbeats',
    text: "DELETE FROM worker_heartbeat WHERE beat_at < now() - interval '1 day'",
  });
}

/** Reads the newest heartbeat of each worker; one of a running process comes before those of standby or stopped ones. */
export async function readHeartbeats(store: Queryable): Promise<Heartbeat[]> {
  const { rows } = await store.query<{
    worker: WorkerName;
    cluster: string;
    process: string;
    host: string;
    started_at: Date;
    beat_at: Date;
    state: WorkerState;
    detail: HeartbeatDetail;
  }>({
    name: 'read-heartbeats',
    text: `SELECT DISTINCT ON (worker, cluster) worker, cluster, process, host, started_at, beat_at, state, detail
     FROM worker_heartbeat ORDER BY worker, cluster, (state IN ('stopped', 'standby')), beat_at DESC`,
  });
  return rows.map((row) => ({ ...row, startedAt: row.started_at, beatAt: row.beat_at }));
}
