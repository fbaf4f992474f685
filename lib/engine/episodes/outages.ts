import type { Seen } from '@/lib/domain/episodes/episode';
import { partitionText } from '@/lib/protocol/position';
import type { Measurement } from './measured';

/** So many measurements in a row without an answer are an outage. */
const SAMPLES = 2;
/** A broker that is away for so long was taken out of the cluster. */
const TAKEN_OUT_MS = 86_400_000;

interface Missing {
  since: number;
  /** The last measurement in which it was there; null: none is known. */
  seenAt: number | null;
  samples: number;
}

/** Follows which brokers and which leaders of partitions are away. */
export class Outages {
  /** When each broker was alive last. */
  private readonly alive = new Map<string, number>();
  private readonly brokers = new Map<string, Missing>();
  private partitions = new Map<string, Missing>();
  private measuredAt: number | null = null;

  /** Takes up brokers that were away in the last measurement of any process, with the begin of that. */
  restore(away: readonly { broker: string; began: number }[]): void {
    for (const { broker, began } of away) {
      if (!this.alive.has(broker)) this.alive.set(broker, began);
      this.brokers.set(broker, { since: began, seenAt: began, samples: SAMPLES });
    }
  }

  add({ at, brokers, offline }: Measurement): Seen[] {
    const seen = [...this.ofBrokers(at, new Set(brokers)), ...this.ofPartitions(at, offline)];
    this.measuredAt = at;
    return seen;
  }

  private ofBrokers(at: number, alive: ReadonlySet<string>): Seen[] {
    for (const broker of alive) {
      this.alive.set(broker, at);
      this.brokers.delete(broker);
    }
    return [...this.alive].flatMap(([broker, seenAt]): Seen[] => {
      if (alive.has(broker)) return [];
      if (at - seenAt > TAKEN_OUT_MS) {
        this.alive.delete(broker);
        this.brokers.delete(broker);
        return [];
      }
      const missing = this.brokers.get(broker) ?? { since: at, seenAt, samples: 0 };
      missing.samples += 1;
      this.brokers.set(broker, missing);
      if (missing.samples < SAMPLES) return [];
      return [
        {
          kind: 'broker_away',
          subject: { broker },
          figures: { error: null, groups: null },
          began: missing.since,
          beganEarliest: missing.seenAt,
        },
      ];
    });
  }

  private ofPartitions(at: number, offline: Measurement['offline']): Seen[] {
    const before = this.partitions;
    this.partitions = new Map();
    return offline.flatMap(({ topic, partition }): Seen[] => {
      const key = partitionText({ topic, partition });
      const missing = before.get(key) ?? { since: at, seenAt: this.measuredAt, samples: 0 };
      missing.samples += 1;
      this.partitions.set(key, missing);
      if (missing.samples < SAMPLES) return [];
      return [
        {
          kind: 'partition_offline',
          subject: { topic, partition },
          figures: {},
          began: missing.since,
          beganEarliest: missing.seenAt,
        },
      ];
    });
  }
}
