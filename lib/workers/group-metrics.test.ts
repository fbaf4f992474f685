import { describe, expect, it } from 'vitest';
import { GroupMetrics } from './group-metrics';
import { registry } from './metrics';

const lines = async () =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith('courier_consumer_group_lag{'));
const row = (topic: string, lag: number | null) => ({ group: 'g', topic, judged: { lag } });
const NONE = { needs_a_look: 0, on_its_way: 0, well: 0, not_known: 0 };

describe('the metrics of groups', () => {
  it('is that of the last sample, summed over partitions, also after a run that broke off', async () => {
    const first = new GroupMetrics('c');
    first.set([row('a', 30), row('a', 20), row('a', null), row('gone', 1)], [], NONE, []);
    expect(await lines()).toEqual([
      'courier_consumer_group_lag{cluster="c",group="g",topic="a"} 50',
      'courier_consumer_group_lag{cluster="c",group="g",topic="gone"} 1',
    ]);
    // The worker was started again without having cleared what it exposed.
    const second = new GroupMetrics('c');
    second.set([row('a', 30), row('a', 20)], [], NONE, []);
    expect(await lines()).toContain('courier_consumer_group_lag{cluster="c",group="g",topic="a"} 50');
    first.clear();
    second.clear();
    expect(await lines()).toEqual([]);
  });

  it('have what services report of their consumers, added up over their instances', async () => {
    const metrics = new GroupMetrics('c');
    const trouble = { group: 'g', service: 's', crashes: 2, unreadable: 0 };
    metrics.set([], [trouble, { ...trouble, unreadable: 3 }], { ...NONE, well: 2 }, [
      'no_members',
      'no_members',
    ]);
    expect(await registry.metrics()).toContain('courier_consumer_groups{cluster="c",standing="well"} 2');
    expect(await registry.metrics()).toContain('courier_episodes_open{cluster="c",kind="no_members"} 2');
    const exposed = (await registry.metrics()).split('\n');
    expect(exposed).toContain('courier_consumer_crashes{cluster="c",group="g",service="s"} 4');
    expect(exposed).toContain('courier_consumer_unreadable_records{cluster="c",group="g",service="s"} 3');
    metrics.set([], [], NONE, []);
    expect(await registry.metrics()).not.toContain('group="g"');
  });
});
