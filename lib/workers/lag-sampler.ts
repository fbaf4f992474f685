import { LagSampler } from '@/lib/engine/sampling/sampler';
import { LagMetric } from './lag-metric';
import { pause } from './pause';
import type { Worker } from './runtime';

/** Measures the lag of every group, at whole multiples of the interval so that charts line up. */
export const lagSampler: Worker<'lag sampler'> = {
  name: 'lag sampler',
  per: 'cluster',
  async run(context, signal, report) {
    const every = context.settings.COURIER_SAMPLE_SECONDS * 1000;
    const sampler = new LagSampler(context);
    await sampler.restore();
    const lag = new LagMetric(context.cluster.name);
    try {
      while (!signal.aborted) {
        const began = performance.now();
        const { groups, partitions, rows } = await sampler.sample();
        // A process whose lock is gone tells nothing more: another one measures by now.
        if (signal.aborted) return;
        const milliseconds = Math.round(performance.now() - began);
        report({ groups, partitions, milliseconds });
        lag.set(rows);
        const now = Date.now();
        await pause(every - (now % every), signal);
      }
    } finally {
      lag.clear();
    }
  },
};
