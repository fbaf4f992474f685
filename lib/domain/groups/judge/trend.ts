import { middleOf, noiseOf, type Floor } from './floors';
import { FLAT_AFTER_MS, MAX_SWING_MS, SECOND_MS, TREND_WINDOWS_MS } from './settings';
import type { Trend } from './state';
import type { Direction } from './types';

const LONGEST_WINDOW_MS = Math.max(...TREND_WINDOWS_MS);
/** Half a window has to hold so many arrivals, or chance decides. */
const ARRIVALS_OF_HALF = 20;
const MAX_ARRIVALS_MS = 240_000;
const SWINGS_MS = 600_000;
const MIN_SWINGS_MS = 30_000;
const RUN_MS = 120_000;
const MAX_RUN = 6;
/** Time before a run from which the usual band of lag is taken. */
const BAND_MS = 240_000;

const lowOf = (floor: Floor) => floor.low;
const highOf = (floor: Floor) => floor.high;
const bottom = (floors: Floor[], of: (floor: Floor) => number) => Math.min(...floors.map(of));
const top = (floors: Floor[], of: (floor: Floor) => number) => Math.max(...floors.map(of));

/**
 * Direction of lag after another sample. A saw-tooth has none, because its low and high points stay where they are; a real change
 * moves both.
 * @param intervalMs the longest commit interval of the reader
 */
export function nextTrend(
  trend: Trend,
  floors: Floor[],
  now: number,
  intervalMs: number,
  periodMs: number,
): Trend {
  const next = { ...trend };
  const seen = directionSeen(trend, floors, now, intervalMs, periodMs);
  if (seen === null) return next;
  if (seen === 'flat') {
    next.candidate = null;
    next.flatSince ??= now;
    const watchedMs = now - (floors[0]?.at ?? now);
    const isFirst =
      next.direction === null && watchedMs >= Math.max(FLAT_AFTER_MS - 2 * periodMs, 2 * intervalMs);
    if (isFirst || now - next.flatSince >= Math.max(FLAT_AFTER_MS, 2 * intervalMs)) next.direction = 'flat';
    return next;
  }
  next.flatSince = null;
  if (seen === next.direction) next.candidate = null;
  else if (next.direction !== null && next.candidate !== seen) next.candidate = seen;
  else {
    next.direction = seen;
    next.turnedAt = now;
    next.candidate = null;
  }
  return next;
}

function directionSeen(
  trend: Trend,
  floors: Floor[],
  now: number,
  intervalMs: number,
  periodMs: number,
): Direction | null {
  const swingMs = swingWindowMs(floors, now);
  const arrivalsMs = Math.min(MAX_ARRIVALS_MS, 2 * ARRIVALS_OF_HALF * arrivalMs(floors));
  const leastMs = Math.min(LONGEST_WINDOW_MS, Math.max(swingMs, 3 * intervalMs, 4 * periodMs, arrivalsMs));
  const reverse = { up: 'down', down: 'up', flat: null }[trend.direction ?? 'flat'];
  let seen: Direction | null = null;
  for (const windowMs of TREND_WINDOWS_MS) {
    if (windowMs < leastMs) continue;
    const found = directionOver(floors, now, windowMs, trend.direction);
    if (found === null || (found === reverse && windowMs > now - trend.turnedAt)) continue;
    const last = floors.at(-1);
    const isNew = found !== 'flat' && trend.direction === 'flat';
    if (isNew && last && !isBeyond({ direction: found, beganAt: now - windowMs, last }, floors)) continue;
    seen = found;
    if (found !== 'flat') break;
  }
  if (seen !== null && seen !== 'flat' && seen !== trend.direction) return seen;
  // Too few commits for two halves: a run of commits that all go one way shows a beginning or, with four of them, a turn.
  if (trend.direction === null) return runOf(floors, now, 2)?.direction ?? seen;
  const run = swingMs === 0 ? runOf(floors, now, 4) : null;
  return run && (trend.direction !== 'flat' || isBeyond(run, floors)) ? run.direction : seen;
}

function arrivalMs(floors: Floor[]): number {
  const [first, last] = [floors[0], floors.at(-1)];
  return first && last && last.arrived > first.arrived
    ? (last.at - first.at) / (last.arrived - first.arrived)
    : 0;
}

/** Direction between the halves of one window; null where it can neither be proven nor refuted. */
function directionOver(
  floors: Floor[],
  now: number,
  windowMs: number,
  current: Direction | null,
): Direction | null {
  const middle = now - windowMs / 2;
  const old = floors.filter(({ at }) => at > now - windowMs && at <= middle);
  const late = floors.filter(({ at }) => at > middle);
  const [begin, first, last] = [old[0], late[0], late.at(-1)];
  if (!begin || !first || !last || old.length < 2 || late.length < 2) return null;
  const noise = noiseOf((last.arrived - begin.arrived) / 2, windowMs / 2);
  // Proven whatever the moments of the commits were: the intervals do not overlap.
  const up = Math.min(bottom(late, lowOf) - bottom(old, highOf), top(late, lowOf) - top(old, highOf));
  const down = Math.min(bottom(old, lowOf) - bottom(late, highOf), top(old, lowOf) - top(late, highOf));
  // A jump that is already being worked off is no rise: the last commit has to be near the end of the movement.
  const isAtTop = last.high >= first.low && top(late, lowOf) - last.high < Math.max(noise, up / 2);
  const isAtBottom = last.low <= first.high && last.low - bottom(late, highOf) < Math.max(noise, down / 2);
  if (up > noise && isAtTop) return 'up';
  if (down > noise && isAtBottom) return 'down';
  // The likely moments of the commits keep a direction; they begin none.
  const shifts = [bottom(late, middleOf) - bottom(old, middleOf), top(late, middleOf) - top(old, middleOf)];
  if (current === 'up' && Math.min(...shifts) > noise / 3) return 'up';
  if (current === 'down' && Math.max(...shifts) < -noise / 3) return 'down';
  return shifts.some((shift) => Math.abs(shift) > noise) ? null : 'flat';
}

/** Window that holds two whole periods of lag that swings quickly, in milliseconds; 0 where it does not swing. */
function swingWindowMs(floors: Floor[], now: number): number {
  const recent = floors.filter(({ at }) => at > now - SWINGS_MS);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last || last.at - first.at < MIN_SWINGS_MS) return 0;
  const perMs = (last.arrived - first.arrived) / (last.at - first.at);
  const turns = turnsOf(recent, noiseOf(perMs * MIN_SWINGS_MS, MIN_SWINGS_MS));
  const [begin, end] = [turns[0], turns.at(-1)];
  if (begin === undefined || end === undefined || turns.length < 3) return 0;
  const halfMs = (end - begin) / (turns.length - 1);
  const isOver = now - end > 3 * halfMs;
  return halfMs > MAX_SWING_MS || isOver ? 0 : 4 * halfMs;
}

/** Times at which lag turned by more than noise. */
function turnsOf(floors: Floor[], noise: number): number[] {
  const turns: number[] = [];
  let peak = floors[0];
  let valley = floors[0];
  let way: 'none' | 'up' | 'down' = 'none';
  for (const floor of floors) {
    if (!peak || !valley) break;
    if (floor.high > peak.high) peak = floor;
    if (floor.high < valley.high) valley = floor;
    if (way !== 'down' && peak.low - floor.high > noise) {
      if (way === 'up') turns.push(peak.at);
      way = 'down';
      valley = floor;
    } else if (way !== 'up' && floor.low - valley.high > noise) {
      if (way === 'down') turns.push(valley.at);
      way = 'up';
      peak = floor;
    }
    // The next turn is measured from the furthest point of this direction.
    if (way === 'down') peak = floor.high > peak.high ? floor : valley;
    if (way === 'up') valley = floor.high < valley.high ? floor : peak;
  }
  return turns;
}

/** Commits that go one way. */
interface Run {
  direction: 'up' | 'down';
  beganAt: number;
  last: Floor;
}

/** Whether a run left the band in which lag was before: where lag swings around a level, each half of a swing is a run. */
function isBeyond({ direction, beganAt, last }: Run, floors: Floor[]): boolean {
  const before = floors.filter(({ at }) => at < beganAt && at >= beganAt - BAND_MS);
  return direction === 'up' ? last.low > top(before, highOf) : last.high < bottom(before, lowOf);
}

/** The last commits where each of them went the same way and they moved by more than noise. */
function runOf(floors: Floor[], now: number, least: number): Run | null {
  const recent = floors.filter(({ at }) => at > now - RUN_MS).slice(-MAX_RUN);
  for (let length = recent.length; length >= least; length -= 1) {
    const run = recent.slice(-length);
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) break;
    const noise = noiseOf(last.arrived - first.arrived, last.at - first.at);
    const steps = run.slice(1).map((floor, index) => floor.high - (run[index]?.high ?? 0));
    if (last.low - first.high > noise && steps.every((step) => step >= 0))
      return { direction: 'up', beganAt: first.at, last };
    if (first.low - last.high > noise && steps.every((step) => step <= 0))
      return { direction: 'down', beganAt: first.at, last };
  }
  return null;
}

/** Milliseconds as seconds, for rates. */
export const toSeconds = (ms: number): number => ms / SECOND_MS;
