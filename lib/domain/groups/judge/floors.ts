import { SECOND_MS } from './settings';
import type { PartitionSample } from './types';
import { readableEnd } from './unread';

/**
 * Lag right after a commit. The commit happened between two samples, and the end of the log at that moment between their ends, so it
 * is an interval. Lag between two commits shows nothing but the age of the last one.
 */
export interface Floor {
  at: number;
  low: number;
  high: number;
  /** End of the log: differences are arrivals. */
  arrived: number;
}

export const middleOf = (floor: Floor): number => (floor.low + floor.high) / 2;

interface Series {
  samples: readonly PartitionSample[];
  readsUncommitted: boolean;
}

/**
 * Floors of one partition, or of the sum of several, at each sample in which one of them moved.
 * @param from time of the first sample that counts, in milliseconds
 */
export function floorsOf(series: readonly Series[], from: number): Floor[] {
  const times = [...new Set(series.flatMap(({ samples }) => samples.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const cursors = series.map(() => 0);
  const floors: Floor[] = [];
  for (const at of times) {
    const sum = { at, low: 0, high: 0, arrived: 0 };
    let isComplete = true;
    let isMove = false;
    series.forEach((item, index) => {
      let cursor = cursors[index] ?? 0;
      while ((item.samples[cursor]?.at ?? Infinity) <= at) cursor += 1;
      cursors[index] = cursor;
      const part = partOf(item, cursor - 1, at);
      if (!part) isComplete = false;
      else {
        sum.low += part.low;
        sum.high += part.high;
        sum.arrived += part.end;
        isMove ||= part.isMove;
      }
    });
    if (isComplete && isMove && at >= from) floors.push(sum);
  }
  return floors;
}

function partOf(series: Series, index: number, at: number) {
  const sample = series.samples[index];
  if (sample?.position === null || sample?.position === undefined) return null;
  const { position } = sample;
  const end = endOf(sample, series);
  const before = series.samples[index - 1];
  const isMove =
    sample.at === at &&
    before?.position !== null &&
    before?.position !== undefined &&
    position > before.position;
  const endBefore = isMove && before && sample.brokerLag === undefined ? endOf(before, series) : end;
  return { low: Math.max(0, endBefore - position), high: Math.max(0, end - position), end, isMove };
}

function endOf(sample: PartitionSample, series: Series): number {
  return sample.brokerLag === undefined
    ? readableEnd(sample, series)
    : (sample.position ?? 0) + (sample.brokerLag ?? 0);
}

/** Change of lag without meaning: 2 % of the arrivals, 0.1 a second, three standard deviations of a Poisson count. */
export function noiseOf(arrived: number, ms: number): number {
  return Math.max(5, 0.02 * arrived, (0.1 * ms) / SECOND_MS, 3 * Math.sqrt(Math.max(0, arrived)));
}
