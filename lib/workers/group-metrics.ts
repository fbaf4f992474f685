import type { Gauge } from 'prom-client';
import type { EpisodeKind } from '@/lib/domain/episodes/episode';
import type { Standing } from '@/lib/domain/groups/verdict';
import { consumerCrashes, groupLag, groupStandings, openEpisodes, unreadableRecords } from './metrics';

interface Row {
  group: string;
  topic: string;
  judged: { lag: number | null };
}

interface Trouble {
  group: string;
  service: string;
  crashes: number;
  unreadable: number;
}

/** What `/metrics` exposes of a cluster's groups: the figures of the last sample alone, and none once sampling stops. */
export class GroupMetrics {
  private readonly lag: SampledGauge<'cluster' | 'group' | 'topic'>;
  private readonly standings: SampledGauge<'cluster' | 'standing'>;
  private readonly episodes: SampledGauge<'cluster' | 'kind'>;
  private readonly crashes: SampledGauge<'cluster' | 'group' | 'service'>;
  private readonly unreadable: SampledGauge<'cluster' | 'group' | 'service'>;

  constructor(private readonly cluster: string) {
    this.lag = new SampledGauge(groupLag);
    this.standings = new SampledGauge(groupStandings);
    this.episodes = new SampledGauge(openEpisodes);
    this.crashes = new SampledGauge(consumerCrashes);
    this.unreadable = new SampledGauge(unreadableRecords);
  }

  /**
   * Exposes a sample.
   * @param rows one for each partition
   * @param troubles one for each instance of a service
   * @param standings how many groups are in each of the four
   * @param episodes kinds of the episodes that are open
   */
  set(
    rows: readonly Row[],
    troubles: readonly Trouble[],
    standings: Readonly<Record<Standing, number>>,
    episodes: readonly EpisodeKind[],
  ): void {
    const { cluster } = this;
    this.lag.set(
      rows.flatMap(({ group, topic, judged: { lag } }) =>
        lag === null ? [] : [{ labels: { cluster, group, topic }, value: lag }],
      ),
    );
    this.standings.set(
      Object.entries(standings).map(([standing, value]) => ({ labels: { cluster, standing }, value })),
    );
    this.episodes.set(episodes.map((kind) => ({ labels: { cluster, kind }, value: 1 })));
    const of = (valueOf: (trouble: Trouble) => number) =>
      troubles.map((trouble) => ({
        labels: { cluster, group: trouble.group, service: trouble.service },
        value: valueOf(trouble),
      }));
    this.crashes.set(of(({ crashes }) => crashes));
    this.unreadable.set(of(({ unreadable }) => unreadable));
  }

  /** Exposes nothing more. */
  clear(): void {
    for (const gauge of [this.lag, this.standings, this.episodes, this.crashes, this.unreadable])
      gauge.set([]);
  }
}

/** A gauge that forgets the labels that its last sample does not have; values of the same labels are added up. */
class SampledGauge<Label extends string> {
  private exposed = new Map<string, Record<Label, string>>();

  constructor(private readonly gauge: Gauge<Label>) {}

  set(values: readonly { labels: Record<Label, string>; value: number }[]): void {
    const sums = new Map<string, { labels: Record<Label, string>; value: number }>();
    for (const { labels, value } of values) {
      const key = JSON.stringify(labels);
      sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value });
    }
    for (const [key, labels] of this.exposed) if (!sums.has(key)) this.gauge.remove(labels);
    this.exposed = new Map([...sums].map(([key, { labels }]) => [key, labels]));
    for (const { labels, value } of sums.values()) this.gauge.set(labels, value);
  }
}
