import { LagSampler } from '@/lib/operations/groups/sampler';
import { groupLag } from './metrics';
import { pause, type Worker } from './runtime';

/** Measures the lag of every group, at whole multiples of the interval so that charts line up. */
export const lagSampler: Worker = {
  name: 'lag sampler',
  singleton: true,
  async run(context, signal, report) {
    const every = context.settings.COURIER_SAMPLE_SECONDS * 1000;
    const sampler = new LagSampler(context);
    await sampler.restore();
    while (!signal.aborted) {
      const began = performance.now();
      const { groups, partitions, rows } = await sampler.sample();
      const milliseconds = Math.round(performance.now() - began);
      report({ groups, partitions, milliseconds });
      groupLag.reset();
      for (const row of rows)
        groupLag.inc(
          { group: row.group, topic: row.topic },
          Number(row.end > row.committed ? row.end - row.committed : 0n),
        );
      const now = Date.now();
      await pause(every - (now % every), signal);
    }
  },
};
