import { LagSampler } from '@/lib/operations/groups/sampler';
import { groupLag } from './metrics';
import { pause } from './pause';
import type { Worker } from './runtime';

/** Measures the lag of every group, at whole multiples of the interval so that charts line up. */
export const lagSampler: Worker = {
  name: 'lag sampler',
  singleton: true,
  async run(context, signal, report) {
    const every = context.settings.COURIER_SAMPLE_SECONDS * 1000;
    const sampler = new LagSampler(context);
    await sampler.restore();
    let told: { cluster: string; group: string; topic: string }[] = [];
    while (!signal.aborted) {
      const began = performance.now();
      const { groups, partitions, rows } = await sampler.sample();
      const milliseconds = Math.round(performance.now() - began);
      report({ groups, partitions, milliseconds });
      const cluster = context.cluster.name;
      for (const labels of told) groupLag.remove(labels);
      told = [];
      for (const row of rows) {
        const labels = { cluster, group: row.group, topic: row.topic };
        groupLag.inc(labels, Number(row.end > row.committed ? row.end - row.committed : 0n));
        told.push(labels);
      }
      const now = Date.now();
      await pause(every - (now % every), signal);
    }
  },
};
