import { BEHIND, decodeLagChunk, isLagSeries } from '@/lib/domain/groups/lag-chunk';
import type { StoredChunk } from '@/lib/store/lag/read-lag';

/**
 * Lines of lag out of chunks: at each step the largest value in it, null where nothing was measured.
 * @param lineOf name of the line that a partition of a topic belongs to, or null to leave it out; lines are sums
 */
export function linesOf(
  chunks: StoredChunk[],
  fromMs: number,
  toMs: number,
  stepSeconds: number,
  lineOf: (topic: string, partition: number) => string | null,
): Map<string, (number | null)[]> {
  const lines = new Map<string, (number | null)[]>();
  const places = placesOf(chunks, fromMs, toMs, stepSeconds, (topic, partition) =>
    isLagSeries(partition) ? lineOf(topic, partition) : null,
  );
  for (const { line, values } of places) {
    const total = lines.get(line);
    if (!total) lines.set(line, [...values]);
    else values.forEach((value, at) => value !== null && (total[at] = (total[at] ?? 0) + value));
  }
  return lines;
}

/** By how many seconds a group was behind, on the topic where it was most; steps and gaps as in `linesOf`. */
export function behindOf(
  chunks: StoredChunk[],
  fromMs: number,
  toMs: number,
  stepSeconds: number,
): (number | null)[] {
  const [first, ...others] = placesOf(chunks, fromMs, toMs, stepSeconds, (_topic, partition) =>
    partition === BEHIND ? 'behind' : null,
  );
  const worst = [...(first?.values ?? [])];
  for (const { values } of others)
    values.forEach((value, at) => value !== null && (worst[at] = Math.max(worst[at] ?? 0, value)));
  return worst;
}

function placesOf(
  chunks: StoredChunk[],
  fromMs: number,
  toMs: number,
  stepSeconds: number,
  lineOf: (topic: string, partition: number) => string | null,
): { line: string; values: (number | null)[] }[] {
  const stepMs = stepSeconds * 1000;
  const count = Math.max(1, Math.ceil((toMs - fromMs) / stepMs));
  const places = new Map<string, { line: string; values: (number | null)[] }>();
  for (const stored of chunks) {
    const chunk = decodeLagChunk(stored.data);
    const offsetMs = stored.startAt.getTime() - fromMs;
    for (const [partition, values] of chunk.series) {
      const line = lineOf(stored.topic, partition);
      if (line === null) continue;
      const key = `${stored.topic}/${partition}`;
      const place = places.get(key) ?? { line, values: new Array<number | null>(count).fill(null) };
      places.set(key, place);
      const into = place.values;
      const slots = Math.min(values.length, Math.ceil(stored.spanSeconds / chunk.stepSeconds));
      for (let slot = 0; slot < slots; slot += 1) {
        const value = values[slot] ?? null;
        const at = Math.floor((offsetMs + slot * chunk.stepSeconds * 1000) / stepMs);
        if (value === null || at < 0 || at >= count) continue;
        const most = into[at] ?? null;
        if (most === null || value > most) into[at] = value;
      }
    }
  }
  return [...places.values()];
}
