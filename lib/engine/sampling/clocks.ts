import type { Broker } from '@/lib/brokers/broker';

/** A record whose arrival was seen may differ by this much from that time: by the request, and by the producer's buffer. */
const TOLERANCE_MS = 5_000;
/** For how long a topic's clock counts as proven, and as not proven. */
const PROVEN_MS = 600_000;
const MAX_PROVED = 20;

/** A log that grew between two samples. */
export interface Growth {
  topic: string;
  partition: number;
  /** The first offset that is new. */
  offset: number;
  after: number;
  before: number;
}

/**
 * Which topics have timestamps that can be believed. CreateTime is whatever a producer writes, so it is compared with a record
 * whose arrival Courier saw.
 */
export class Clocks {
  private readonly known = new Map<string, { isRight: boolean; at: number }>();

  constructor(private readonly broker: Pick<Broker, 'fetch'>) {}

  isProven(topic: string): boolean {
    return this.known.get(topic)?.isRight === true;
  }

  /** Reads one new record of each of the topics that has to be proven. */
  async prove(wanted: ReadonlySet<string>, grown: readonly Growth[], now: number): Promise<void> {
    for (const [topic, { at }] of this.known) if (now - at > PROVEN_MS) this.known.delete(topic);
    const byTopic = new Map(
      grown
        .filter(({ topic }) => wanted.has(topic) && !this.known.has(topic))
        .map((item) => [item.topic, item]),
    );
    const chosen = [...byTopic.values()].slice(0, MAX_PROVED);
    if (chosen.length === 0) return;
    const positions = chosen.map(({ topic, partition, offset }) => ({
      topic,
      partition,
      offset: BigInt(offset),
    }));
    const answers = await this.broker.fetch(positions, { maxBytes: 16_384, waitMs: 0 });
    chosen.forEach(({ topic, after, before }, index) => {
      const record = answers[index]?.records[0];
      if (!record) return;
      const isRight = record.timestamp >= after - TOLERANCE_MS && record.timestamp <= before + TOLERANCE_MS;
      this.known.set(topic, { isRight, at: now });
    });
  }
}
