const RATE_SPAN_MS = 60_000;
/** Window in which a turn of the lag is detected. It is short, so that an ended burst does not count as one in progress. */
const TURN_SPAN_MS = 30_000;
const MIN_POINTS_OF_TURN = 3;
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

  /**
   * Adds a measurement.
   * @param isUnread the group has no reader, so that a position that moved was set and not read to
   * @returns records a second that arrived and that were read; null before the second measurement
   */
  add(
    place: string,
    at: number,
    committed: bigint,
    end: bigint,
    isUnread = false,
  ): { rateIn: number | null; rateOut: number | null } {
    const points = this.points.get(place) ?? [];
    this.points.set(place, points);
    const last = points.at(-1);
    // A position that moved back, or a recreated topic: earlier samples do not apply.
    if (last && (committed < last.committed || end < last.end)) points.length = 0;
    // A reader without membership moves each time; a position that did not move before it moved was set.
    const wasStill = points.length > 1 && points.at(-2)?.committed === last?.committed;
    if (last && isUnread && wasStill && committed !== last.committed) points.length = 0;
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

  /** Forgets the places that were not measured lately, such as those of deleted groups and topics. */
  prune(now: number): void {
    const oldest = now - Math.max(RATE_SPAN_MS, 3 * this.everyMs);
    for (const [place, points] of this.points)
      if ((points.at(-1)?.at ?? 0) < oldest) this.points.delete(place);
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
