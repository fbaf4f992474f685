import type { HeartbeatDetail, SeenState, WorkerName } from '@/lib/domain/workers/worker';

/** The newest heartbeat of one of Courier's own workers. */
export interface WorkerView {
  worker: WorkerName;
  host: string;
  state: SeenState;
  beatAt: string;
  detail: HeartbeatDetail;
}

/** What Courier's workers do for a cluster. */
export interface WorkersView {
  at: string;
  cluster: { name: string; kind: string; environment: string };
  sampleSeconds: number;
  workers: WorkerView[];
}
