import {
  BEHIND,
  decodeLagChunk,
  encodeLagChunk,
  isLagSeries,
  type LagChunk,
} from '@/lib/domain/groups/lag-chunk';
import { findUnrolled, readChunksOfDay, writeRollup } from '@/lib/store/lag/rollups';
import type { Context } from '@/lib/context/context';

const DAY_MS = 86_400_000;
export const ROLLUP_STEP_SECONDS = 300;
const SLOTS = DAY_MS / 1000 / ROLLUP_STEP_SECONDS;
/** Series of one round; the rest waits for the next minute. */
const MAX_AT_ONCE = 5_000;

/** Rolls days that are over up into steps of five minutes, each the largest value in it. @returns how many series */
export async function rollUpLag(context: Context): Promise<number> {
  const today = new Date(Math.floor(context.now().getTime() / DAY_MS) * DAY_MS);
  const series = await findUnrolled(context.store, today, MAX_AT_ONCE);
  for (const line of series) {
    const rolled: LagChunk = { stepSeconds: ROLLUP_STEP_SECONDS, series: new Map() };
    for (const { startAt, data } of await readChunksOfDay(context.store, line)) {
      addTo(rolled, decodeLagChunk(data), (startAt.getTime() - line.day.getTime()) / 1000);
    }
    await writeRollup(context.store, line, encodeLagChunk(rolled));
  }
  return series.length;
}

function addTo(rolled: LagChunk, chunk: LagChunk, fromSeconds: number): void {
  for (const [partition, values] of chunk.series) {
    // Positions are kept as finely as they were measured, or not at all.
    if (!isLagSeries(partition) && partition !== BEHIND) continue;
    const line = rolled.series.get(partition) ?? new Array<number | null>(SLOTS).fill(null);
    rolled.series.set(partition, line);
    values.forEach((value, slot) => {
      const at = Math.floor((fromSeconds + slot * chunk.stepSeconds) / ROLLUP_STEP_SECONDS);
      if (value !== null && at < SLOTS) line[at] = Math.max(line[at] ?? 0, value);
    });
  }
}
