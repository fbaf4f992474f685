import { LagSampler } from '@/lib/engine/sampling/sampler';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { readTroubles } from '@/lib/store/groups/read-troubles';
import type { Context } from '@/lib/context/context';
import { groupsNow, standingsOf } from '@/lib/operations/groups/now';
import { CourierError } from '@/lib/errors';
import { GroupMetrics } from './group-metrics';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'lag sampler': { groups: number; partitions: number; milliseconds: number };
  }
}

/** What a failed sample does not lose: the samples of the last minutes, which trends are read from. */
const samplers = new WeakMap<Context, LagSampler>();

/** Measures the lag of every group, at whole multiples of the interval so that charts line up. */
export const lagSampler: Worker<'lag sampler'> = {
  name: 'lag sampler',
  per: 'cluster',
  observes: true,
  async run(context, signal, report) {
    const every = context.settings.COURIER_SAMPLE_SECONDS * 1000;
    const sampler = samplers.get(context) ?? new LagSampler(context);
    samplers.set(context, sampler);
    await sampler.restore();
    const metrics = new GroupMetrics(context.cluster.name);
    try {
      while (!signal.aborted) {
        const began = performance.now();
        const { groups, partitions, rows } = await sampler.sample().catch(noted(sampler, context));
        // A process that lost its lock reports nothing more: another one measures by now.
        if (signal.aborted) return;
        const milliseconds = Math.round(performance.now() - began);
        report({ groups, partitions, milliseconds });
        const since = new Date(Date.now() - SILENT_AFTER_MS);
        metrics.set(
          rows,
          await readTroubles(context.store, context.cluster.id, null, since),
          standingsOf(await groupsNow(context)),
          sampler.openEpisodes(),
        );
        const now = Date.now();
        await pause(every - (now % every), signal);
      }
    } finally {
      metrics.clear();
    }
  },
};

/** Notes that no broker answers, which is then what happened to the groups of the cluster. */
function noted(sampler: LagSampler, { log }: Context): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof CourierError && error.code === 'broker_unreachable')
      await sampler
        .noteOutage(error.message)
        .catch((problem: unknown) => log.warn({ err: problem }, 'an outage could not be written'));
    throw error;
  };
}
