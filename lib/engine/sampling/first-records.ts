import type { Broker, FetchAnswer, FetchPosition } from '@/lib/brokers/broker';

/** Places that are read in one sample; the rest is read in the next. */
const MAX_PLACES = 100;
/** Enough for most batches; of a larger one the broker sends a part, and it is asked for alone. */
const FIRST_BYTES = 16_384;
const ALONE_BYTES = 1_048_576;
/** Requests of one sample for such batches, and for reading on behind control records and aborted ones. */
const MAX_ALONE = 20;
/** A record may be this much younger than a later one of its log: producers' clocks differ. */
const CLOCKS_DIFFER_MS = 60_000;

/** What the log has at a position. */
export type FirstRecord =
  | {
      kind: 'some';
      offset: number;
      timestamp: number;
      isLogAppendTime: boolean;
      /** The records behind it are not much older. */
      isInOrder: boolean;
    }
  | { kind: 'none' | 'unknown' };

/** A position of which the first readable record is wanted. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
  /** Last stable offset: nothing behind it can be read. */
  stable: number;
}

const keyOf = ({ topic, partition, offset }: Omit<Place, 'stable'>) => `${topic}/${partition}@${offset}`;

/**
 * Finds the first readable record at positions, once for all groups at the same position. Control records, records of aborted
 * transactions and compacted ones are none.
 */
export class FirstRecords {
  private readonly found = new Map<string, Found>();

  constructor(private readonly broker: Pick<Broker, 'fetch'>) {}

  /** The first record of a place, from this and earlier samples. */
  at(place: Place): FirstRecord {
    const known = this.found.get(keyOf(place));
    // Where nothing was readable, something may have come since.
    return known && (known.kind === 'some' || known.stable === place.stable) ? known : { kind: 'unknown' };
  }

  /** Reads places that are not known, in their order, and forgets all others. */
  async look(places: readonly Place[]): Promise<void> {
    const wanted = new Map(places.map((place) => [keyOf(place), place]));
    for (const key of this.found.keys()) if (!wanted.has(key)) this.found.delete(key);
    const open = [...wanted.values()]
      .filter((place) => this.at(place).kind === 'unknown')
      // What could not be read, as without the right to, must not hold up what was not tried.
      .sort((a, b) => this.triesOf(a) - this.triesOf(b));
    const chosen = open.slice(0, MAX_PLACES);
    if (chosen.length === 0) return;
    const positions = chosen.map((place) => positionOf(place, this.nextOf(place)));
    const answers = await this.broker.fetch(positions, { maxBytes: FIRST_BYTES, waitMs: 0 });
    chosen.forEach((place, index) => this.take(place, answers[index]));
    const cut = chosen.filter(
      (place, index) => answers[index]?.problem === null && this.at(place).kind === 'unknown',
    );
    for (let reads = 0; reads < MAX_ALONE && cut.length > 0; reads += 1) {
      const place = cut.shift();
      if (!place) break;
      const before = this.nextOf(place);
      const position = positionOf(place, before);
      const [answer] = await this.broker.fetch([position], { maxBytes: ALONE_BYTES, waitMs: 0 });
      this.take(place, answer);
      // A long tail of aborted records takes several reads, and is gone on with in the next sample.
      if (this.at(place).kind === 'unknown' && this.nextOf(place) > before) cut.push(place);
    }
  }

  private take(place: Place, answer: FetchAnswer | undefined): void {
    const next = Math.max(this.nextOf(place), Number(answer?.next ?? 0));
    const tries = this.triesOf(place) + 1;
    this.found.set(keyOf(place), { ...resultOf(place, answer), stable: place.stable, next, tries });
  }

  /** Offset from which a place is read on: nothing before it is readable. */
  private nextOf(place: Place): number {
    return Math.max(place.offset, this.found.get(keyOf(place))?.next ?? 0);
  }

  private triesOf(place: Place): number {
    return this.found.get(keyOf(place))?.tries ?? 0;
  }
}

type Found = FirstRecord & { stable: number; next: number; tries: number };

const positionOf = ({ topic, partition }: Place, offset: number): FetchPosition => ({
  topic,
  partition,
  offset: BigInt(offset),
});

function resultOf(place: Place, answer: FetchAnswer | undefined): FirstRecord {
  if (!answer || answer.problem !== null) return { kind: 'unknown' };
  const [first] = answer.records;
  if (first)
    return {
      kind: 'some',
      offset: Number(first.offset),
      timestamp: first.timestamp,
      isLogAppendTime: first.isLogAppendTime === true,
      isInOrder: answer.records.every(({ timestamp }) => timestamp >= first.timestamp - CLOCKS_DIFFER_MS),
    };
  return { kind: Number(answer.next) >= place.stable ? 'none' : 'unknown' };
}
