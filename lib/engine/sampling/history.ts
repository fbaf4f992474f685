import type { PartitionEnds } from '@/lib/brokers/broker';

const RATE_SPAN_MS = 60_000;
/** Window in which a turn of the lag is detected. It is short, so that an ended burst does not count as one in progress. */
const TURN_SPAN_MS = 30_000;
const MIN_POINTS_OF_TURN = 3;
const END_SPAN_MS = 3_600_000;
/** A longer time between two measurements is a gap, unless they are meant to be so far apart. */
const GAP_MS = 45_000;

interface Point {
  at: number;
  committed: bigint;
  end: bigint;
}

const lagOf = (point: Point) => point.end - point.committed;

/** Rates over the last minute, or since lag turned within it, from the measurements of this process. */
export class Rates {
  private readonly points = new Map<string, Point[]>();

  /** @param everyMs time between two measurements */
  constructor(private readonly everyMs = 0) {}

  /** Adds a measurement. @returns records a second that arrived and that were read; null before the second measurement */
  add(
    place: string,
    at: number,
    committed: bigint,
    end: bigint,
  ): { rateIn: number | null; rateOut: number | null } {
    const points = this.points.get(place) ?? [];
    this.points.set(place, points);
    const last = points.at(-1);
    // A position that moved back, or a recreated topic: earlier samples do not apply.
    if (last && (committed < last.committed || end < last.end)) points.length = 0;
    // After a pause in sampling the difference does not reflect the present rate.
    if (last && at - last.at > Math.max(GAP_MS, 3 * this.everyMs)) points.length = 0;
    points.push({ at, committed, end });
    while (points.length > 2 && at - (points[0]?.at ?? at) > RATE_SPAN_MS) points.shift();
    const first = this.sinceTurn(points, at);
    if (!first || first.at === at) return { rateIn: null, rateOut: null };
    const seconds = (at - first.at) / 1000;
    return {
      rateIn: Number(end - first.end) / seconds,
      rateOut: Number(committed - first.committed) / seconds,
    };
  }

  /** The oldest point, or, where lag lately goes the other way than over all of the span, the oldest of lately. */
  private sinceTurn(points: Point[], at: number): Point | undefined {
    const [first] = points;
    const lately = points.filter((point) => at - point.at <= TURN_SPAN_MS);
    const [turn] = lately;
    const last = points.at(-1);
    if (!first || !turn || !last || lately.length < MIN_POINTS_OF_TURN) return first;
    const isTurned = lagOf(last) > lagOf(first) !== lagOf(last) > lagOf(turn);
    return isTurned ? turn : first;
  }
}

/** Log ends of the last hour, from which the time of the record at a position is estimated. */
export class EndHistory {
  private readonly points = new Map<string, { at: number; end: bigint }[]>();

  add(at: number, ends: PartitionEnds[]): void {
    for (const item of ends) {
      const key = `${item.topic}/${item.partition}`;
      const points = this.points.get(key) ?? [];
      this.points.set(key, points);
      const last = points.at(-1);
      if (last && item.end < last.end) points.length = 0;
      // An unchanged end needs only its first and its last time.
      if (points.length > 1 && last?.end === item.end && points.at(-2)?.end === item.end) points.pop();
      points.push({ at, end: item.end });
      while (points.length > 0 && at - (points[0]?.at ?? at) > END_SPAN_MS) points.shift();
    }
  }

  /** Seconds since the record at a position was written, to within one measurement; null when it is older than what is known. */
  secondsBehind(log: { topic: string; partition: number }, committed: bigint, now: number): number | null {
    const points = this.points.get(`${log.topic}/${log.partition}`) ?? [];
    if (points.length === 0 || (points[0]?.end ?? 0n) > committed) return null;
    let last = points[0]?.at ?? now;
    for (const point of points) {
      if (point.end > committed) break;
      last = point.at;
    }
    return Math.max(0, (now - last) / 1000);
  }
}
