import type { Direction } from './judge/types';

/** How a topic deletes records. */
export interface DeletionPolicy {
  /** Milliseconds, or null for ever. */
  retentionMs: number | null;
  /** Bytes of a partition, or null for any number. */
  retentionBytes: number | null;
  segmentBytes: number | null;
  segmentMs: number | null;
  isTiered: boolean;
}

/** One partition of a group, as it was measured. */
export interface Exposure {
  now: number;
  /** Offsets between the position and the end of the log; null: the position is not known. */
  unread: number | null;
  /** Timestamp of the first unread record, by which the broker deletes it; null: not known. */
  firstUnreadAt: number | null;
  /** Bytes of the log and how many offsets it has; null: not known. */
  sizeBytes: number | null;
  logLength: number;
  /** Records a second; null: not known. */
  rateIn: number | null;
  rateOut: number | null;
  direction: Direction | null;
}

/** When the first unread record is deleted at the earliest, by one rule. */
export interface Bound {
  by: 'time' | 'size';
  /** If the group stopped reading now; null: never. */
  stoppedSeconds: number | null;
  /** At the present rates; null: never. */
  presentSeconds: number | null;
  /** Unread records that fit before the end of the log; null: it is time that deletes them. */
  fits: number | null;
}

/**
 * When unread records of a partition are deleted. `none`: nothing is unread, or nothing deletes it. `unknown`: a right or a
 * figure is missing, so it may be soon.
 */
export type Risk =
  { kind: 'none' } | { kind: 'unknown'; why: 'settings' | 'position' | 'rate' | 'time' | 'size' } | AtRisk;

/** The rule that deletes first. A log is deleted in whole segments, so it may be so much later. */
interface AtRisk extends Bound {
  kind: 'at';
  laterSeconds: number | null;
}

const SECOND_MS = 1_000;
/** Kafka checks what it can delete this often (`log.retention.check.interval.ms`, by default). */
const CHECK_SECONDS = 300;
/** The slowest approach that is counted: slower ones are as good as none. */
const MIN_APPROACH = 0.01;

/** When unread records of a partition are deleted at the earliest. @param policy null: not known */
export function riskOf(policy: DeletionPolicy | null, exposure: Exposure): Risk {
  const { unread, rateOut } = exposure;
  if (unread !== null && unread <= 0) return { kind: 'none' };
  if (policy === null) return { kind: 'unknown', why: 'settings' };
  const { retentionMs, retentionBytes } = policy;
  if (retentionMs === null && retentionBytes === null) return { kind: 'none' };
  if (unread === null) return { kind: 'unknown', why: 'position' };
  if (rateOut === null) return { kind: 'unknown', why: 'rate' };
  const reader: Reader = { ...exposure, unread, rateOut };
  const bounds: Bound[] = [];
  if (retentionMs !== null) {
    if (exposure.firstUnreadAt === null) return { kind: 'unknown', why: 'time' };
    bounds.push(byTime(retentionMs, exposure.firstUnreadAt, reader));
  }
  if (retentionBytes !== null) {
    const bound = policy.isTiered ? null : bySize(retentionBytes, reader);
    if (bound === null) return { kind: 'unknown', why: 'size' };
    bounds.push(bound);
  }
  const [first, second] = bounds.toSorted(sooner);
  if (!first) return { kind: 'none' };
  const soonest: Bound = {
    ...first,
    stoppedSeconds: least(first.stoppedSeconds, second?.stoppedSeconds ?? null),
    presentSeconds: least(first.presentSeconds, second?.presentSeconds ?? null),
  };
  if (soonest.stoppedSeconds === null) return { kind: 'none' };
  return { kind: 'at', ...soonest, laterSeconds: segmentSeconds(policy, exposure) };
}

/** A reader whose position and rate are known. */
interface Reader extends Exposure {
  unread: number;
  rateOut: number;
}

/** Whether what may be deleted already is read before the broker checks again. */
const isReadInTime = ({ unread, rateOut }: Reader) => rateOut > 0 && unread / rateOut <= CHECK_SECONDS;

function byTime(retentionMs: number, firstUnreadAt: number, reader: Reader): Bound {
  const stoppedSeconds = Math.max(0, (firstUnreadAt + retentionMs - reader.now) / SECOND_MS);
  const { unread, rateOut, direction } = reader;
  const bound = { by: 'time', stoppedSeconds, fits: null } as const;
  if (rateOut === 0) return { ...bound, presentSeconds: stoppedSeconds };
  if (stoppedSeconds === 0) return { ...bound, presentSeconds: isReadInTime(reader) ? null : 0 };
  if (direction !== 'up') return { ...bound, presentSeconds: null };
  // The reader moves through the time of the records, and the deletions follow at one second a second.
  const spanSeconds = Math.max(1, (reader.now - firstUnreadAt) / SECOND_MS);
  const speed = (rateOut * spanSeconds) / unread;
  return { ...bound, presentSeconds: stoppedSeconds / Math.max(MIN_APPROACH, 1 - speed) };
}

/** null: the size of the log or what arrives is not known */
function bySize(retentionBytes: number, reader: Reader): Bound | null {
  const { sizeBytes, logLength, unread, rateIn, rateOut, direction } = reader;
  if (sizeBytes === null || logLength <= 0) return null;
  const recordBytes = sizeBytes / logLength;
  // Kafka keeps at least so many bytes before the end of the log.
  const fits = Math.floor(retentionBytes / recordBytes);
  const left = Math.max(0, retentionBytes - unread * recordBytes);
  if (left === 0)
    return { by: 'size', fits, stoppedSeconds: 0, presentSeconds: isReadInTime(reader) ? null : 0 };
  if (rateIn === null) return null;
  const after = (records: number) => (records > 0 ? left / (records * recordBytes) : null);
  const isGrowing = rateOut === 0 || direction === 'up';
  return {
    by: 'size',
    fits,
    stoppedSeconds: after(rateIn),
    presentSeconds: isGrowing ? after(rateIn - rateOut) : null,
  };
}

/** How long a segment lasts, and how long it takes until the broker deletes it; null: not known. */
function segmentSeconds(
  { segmentMs, segmentBytes }: DeletionPolicy,
  { sizeBytes, logLength, rateIn }: Exposure,
): number | null {
  const byTime = segmentMs === null ? null : segmentMs / SECOND_MS;
  const bytesPerSecond = sizeBytes === null || logLength <= 0 ? 0 : (sizeBytes / logLength) * (rateIn ?? 0);
  const bySize = segmentBytes === null || bytesPerSecond <= 0 ? null : segmentBytes / bytesPerSecond;
  const seconds = least(byTime, bySize);
  return seconds === null ? null : seconds + CHECK_SECONDS;
}

/** The smaller of two, of which either may be none. */
function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

/** Orders by which one is deleted first at the present rates, then if reading stopped; never comes last. */
export function sooner(
  a: Pick<Bound, 'presentSeconds' | 'stoppedSeconds'>,
  b: Pick<Bound, 'presentSeconds' | 'stoppedSeconds'>,
): number {
  const order = (x: number | null, y: number | null) => (x ?? Number.MAX_VALUE) - (y ?? Number.MAX_VALUE);
  return order(a.presentSeconds, b.presentSeconds) || order(a.stoppedSeconds, b.stoppedSeconds);
}
