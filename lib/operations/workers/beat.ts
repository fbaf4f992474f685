import type { Context } from '../context';
import { writeHeartbeats } from '@/lib/store/workers/heartbeats';

export type WorkerState = 'starting' | 'running' | 'standby' | 'failing' | 'stopped';

/** Writes one heartbeat of each worker of a process. */
export async function beat(
  context: Context,
  workers: { name: string; cluster: string; state: WorkerState; detail: Record<string, unknown> }[],
  process: { process: string; host: string; startedAt: Date },
): Promise<void> {
  await writeHeartbeats(context.store, workers, process);
}
