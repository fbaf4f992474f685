import type { Broker, TopicSettings } from '@/lib/brokers/broker';

/** Settings of topics change rarely, and sizes need no more than this. */
const REFRESH_MS = 60_000;

/** How the topics that groups read delete records, and how large their logs are; read anew once a minute. */
export class Deletions {
  private settings = new Map<string, TopicSettings>();
  private sizes = new Map<string, number>();
  private readAt = -Infinity;
  private readonly known = new Set<string>();

  constructor(private readonly broker: Pick<Broker, 'settingsOf' | 'logSizes'>) {}

  /** Topics of which the log keeps only the newest record of each key. */
  get compacted(): ReadonlySet<string> {
    return new Set([...this.settings].flatMap(([topic, { compacted }]) => (compacted ? [topic] : [])));
  }

  /** Settings of a topic; null: not known. */
  of(topic: string): TopicSettings | null {
    return this.settings.get(topic) ?? null;
  }

  /** Bytes of the log of a partition; null: not known. @param place `<topic>/<partition>` */
  sizeOf(place: string): number | null {
    return this.sizes.get(place) ?? null;
  }

  /**
   * Reads what is due. Settings that a topic has no answer for are not known from then on; where the broker does not answer at
   * all, those of before hold, but not the sizes.
   */
  async refresh(topics: ReadonlySet<string>, now: number): Promise<void> {
    const isNew = [...topics].some((topic) => !this.known.has(topic));
    if (!isNew && now - this.readAt < REFRESH_MS) return;
    this.readAt = now;
    this.known.clear();
    for (const topic of topics) this.known.add(topic);
    this.settings = await this.broker.settingsOf([...topics]).catch(() => this.settings);
    const bySize = [...this.settings].filter(
      ([, { retentionBytes, isTiered }]) => retentionBytes !== null && !isTiered,
    );
    this.sizes =
      bySize.length === 0
        ? new Map<string, number>()
        : await this.broker.logSizes(bySize.map(([topic]) => topic)).catch(() => new Map<string, number>());
  }
}
