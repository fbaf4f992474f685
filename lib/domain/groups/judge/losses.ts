import { patienceMs } from './patience';
import { BEHIND_AFTER_MS } from './settings';
import type { JudgeState, PartitionState } from './state';
import type { Loss, PartitionSample } from './types';

/**
 * What left the log unread since the last sample; null: nothing. A reader that kept up may have read it and committed later, so
 * that loss is not certain.
 */
export function lossOf(
  place: string,
  state: PartitionState,
  sample: PartitionSample,
  reader: string | null,
  group: JudgeState,
  periodMs: number,
): Loss | null {
  const { position, start, end } = sample;
  if (position === null || position === undefined || sample.brokerLag !== undefined) return null;
  const to = Math.min(start, end);
  const from = Math.max(position, state.lostTo ?? 0);
  if (to <= from) return null;
  state.lostTo = to;
  const keptUp =
    reader !== null &&
    !state.isBehind &&
    (state.formerDelayAtCommitMs ?? 0) <= BEHIND_AFTER_MS &&
    state.stillMs < patienceMs(state, group, periodMs);
  return { partition: place, from, to, at: sample.at, isCertain: !keptUp };
}
