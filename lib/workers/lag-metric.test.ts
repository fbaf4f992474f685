import { describe, expect, it } from 'vitest';
import { LagMetric } from './lag-metric';
import { registry } from './metrics';

const lines = async () =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith('courier_consumer_group_lag{'));
const row = (topic: string, committed: bigint, end: bigint) => ({ group: 'g', topic, committed, end });

describe('the lag in the metrics', () => {
  it('is that of the last sample, summed over partitions, also after a run that broke off', async () => {
    const first = new LagMetric('c');
    first.set([row('a', 0n, 30n), row('a', 10n, 30n), row('gone', 0n, 1n)]);
    expect(await lines()).toEqual([
      'courier_consumer_group_lag{cluster="c",group="g",topic="a"} 50',
      'courier_consumer_group_lag{cluster="c",group="g",topic="gone"} 1',
    ]);
    // The worker was started again without having cleared what it told.
    const second = new LagMetric('c');
    second.set([row('a', 0n, 30n), row('a', 10n, 30n)]);
    expect(await lines()).toContain('courier_consumer_group_lag{cluster="c",group="g",topic="a"} 50');
    first.clear();
    second.clear();
    expect(await lines()).toEqual([]);
  });
});
