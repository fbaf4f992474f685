import { SECOND_MS } from './settings';
import type { PartitionState } from './state';
import type { Delay, PartitionSample } from './types';
import { firstUnread, readableEnd, unreadOf } from './unread';

/** Share of their age by which two remembered ends may be apart: a delay of hours is exact to a few minutes. */
const THINNING = 0.05;

/**
 * Remembers the end of the log at this sample. Ends that the position has passed are dropped, but for the last one; older ones
 * are thinned, so that a standstill of a month costs some hundred pairs.
 */
export function rememberEnd(state: PartitionState, sample: PartitionSample): void {
  const end = readableEnd(sample, state);
  const last = state.ends.at(-1);
  // A topic that was made anew, or a log that was truncated.
  if (last && end < last[1]) state.ends = [];
  state.ends.push([sample.at, end]);
  if (sample.position !== null && sample.position !== undefined) {
    const from = firstUnread(sample);
    const reached = state.ends.findLastIndex(([, known]) => known <= from);
    if (reached > 0) state.ends.splice(0, reached);
  }
  thin(state.ends, sample.at);
}

function thin(ends: [at: number, end: number][], now: number): void {
  for (let index = ends.length - 2; index > 0; index -= 1) {
    const [before, item, after] = [ends[index - 1], ends[index], ends[index + 1]];
    if (!before || !item || !after) continue;
    const isUnchanged = before[1] === item[1] && item[1] === after[1];
    if (isUnchanged || after[0] - before[0] < THINNING * (now - after[0])) ends.splice(index, 1);
  }
}

/**
 * How long the first unread record has been waiting: the age of the record, corrected into the interval in which the end of
 * the log was seen to pass it. A timestamp of the past or of the future changes nothing there. Without such a sighting it is
 * the record's age if its clock is proven, else at least the time since the first sighting.
 * @returns null where the position or what is readable is not known
 */
export function delayOf(state: PartitionState, sample: PartitionSample): Delay | null {
  const unread = unreadOf(sample, state);
  if (unread === null || sample.position === null || sample.position === undefined) return null;
  if (unread === 0) return { seconds: 0, isAtLeast: false };
  const now = sample.at;
  const from = firstUnread(sample);
  const passed = state.ends.findIndex(([, end]) => end > from);
  const seen = state.ends[passed];
  if (!seen) return null;
  const before = state.ends[passed - 1];
  const least = now - seen[0];
  const most = before ? now - before[0] : Infinity;
  const age = sample.firstUnreadAt === null ? null : now - sample.firstUnreadAt;
  const isBelieved =
    age !== null && age >= least && age <= most && (before !== undefined || sample.isTimeProven);
  if (isBelieved) return { seconds: age / SECOND_MS, isAtLeast: false };
  if (!before) return { seconds: least / SECOND_MS, isAtLeast: true };
  return { seconds: (least + most) / 2 / SECOND_MS, isAtLeast: false };
}
