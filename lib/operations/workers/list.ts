import { z } from 'zod';
import type { WorkersView, WorkerView } from '@/lib/contract/workers';
import { readHeartbeats } from '@/lib/store/workers/heartbeats';
import { defineOperation } from '../operation';

/** A heartbeat older than this is one that stopped. */
const SILENT_AFTER_SECONDS = 20;

/** What Courier's own workers do, and since when one is silent. */
export const listWorkers = defineOperation({
  name: 'workers.list',
  permission: 'workers.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  within: 'narrowed',
  async run({ store, now, cluster, settings }): Promise<WorkersView> {
    const at = now();
    // Housekeeping is done once for all clusters, by the context of the first.
    const beats = (await readHeartbeats(store)).filter(
      (beat) => beat.cluster === cluster.name || beat.worker === 'housekeeping',
    );
    const workers = beats.map((beat): WorkerView => {
      const silent = (at.getTime() - beat.beatAt.getTime()) / 1000 > SILENT_AFTER_SECONDS;
      return {
        worker: beat.worker,
        host: beat.host,
        state: silent && beat.state !== 'stopped' ? 'silent' : beat.state,
        beatAt: beat.beatAt.toISOString(),
        detail: beat.detail,
      };
    });
    return {
      at: at.toISOString(),
      cluster: { name: cluster.name, kind: cluster.kind, environment: cluster.environment },
      sampleSeconds: settings.COURIER_SAMPLE_SECONDS,
      workers,
    };
  },
});
