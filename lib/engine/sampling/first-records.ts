import type { Broker, FetchAnswer, FetchPosition } from '@/lib/brokers/broker';

/** Places that are read in one sample; the rest is read in the next. */
const MAX_PLACES = 100;
/** Enough for most batches; of a larger one the broker sends a part, and it is asked for alone. */
const FIRST_BYTES = 16_384;
const ALONE_BYTES = 1_048_576;
const MAX_ALONE = 10;
/** Requests that read on behind control records and aborted ones at one place. */
const MAX_ROUNDS = 20;
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
  private readonly found = new Map<string, FirstRecord & { stable: number }>();

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
    const open = [...wanted.values()].filter((place) => this.at(place).kind === 'unknown');
    const chosen = open.slice(0, MAX_PLACES);
    if (chosen.length === 0) return;
    const answers = await this.broker.fetch(chosen.map(positionOf), { maxBytes: FIRST_BYTES, waitMs: 0 });
    const cut: Place[] = [];
    for (const [index, place] of chosen.entries()) {
      const result = resultOf(place, answers[index]);
      if (result.kind === 'unknown') cut.push(place);
      this.found.set(keyOf(place), { ...result, stable: place.stable });
    }
    for (const place of cut.slice(0, MAX_ALONE))
      this.found.set(keyOf(place), { ...(await this.readOn(place)), stable: place.stable });
  }

  private async readOn(place: Place): Promise<FirstRecord> {
    let { offset } = place;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const from = positionOf({ ...place, offset });
      const [answer] = await this.broker.fetch([from], { maxBytes: ALONE_BYTES, waitMs: 0 });
      const result = resultOf(place, answer);
      if (result.kind !== 'unknown' || !answer || Number(answer.next) <= offset) return result;
      offset = Number(answer.next);
    }
    return { kind: 'unknown' };
  }
}

const positionOf = ({ topic, partition, offset }: Omit<Place, 'stable'>): FetchPosition => ({
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
