/** Ten minutes of lag of one group on one topic, and of its positions where its services report nothing. */
export interface LagChunk {
  /** Seconds between two slots. */
  stepSeconds: number;
  /** By partition: one value a slot; null where nothing was measured. */
  series: Map<number, (number | null)[]>;
}

/** In place of a partition: by how many whole seconds the group is behind on the topic, of the partition where it is most. */
export const BEHIND = 2 ** 31 - 1;

/** Added to a partition: its committed positions, in place of its lag. */
export const POSITIONS = 2 ** 30;

/** Whether a series is the lag of a partition. */
export function isLagSeries(series: number): boolean {
  return series < POSITIONS;
}

/** Seconds that a chunk covers. */
export const CHUNK_SECONDS = 600;

const VERSION = 1;

/**
 * Encodes a chunk: varints; of each partition its number, its count of slots, and each value as the difference to the
 * one before, zigzag and plus one, so that 0 means "not measured". A steady series costs a byte a point.
 */
export function encodeLagChunk(chunk: LagChunk): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number) => {
    let rest = value;
    while (rest > 127) {
      bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  put(VERSION);
  put(chunk.stepSeconds);
  put(chunk.series.size);
  for (const [partition, values] of chunk.series) {
    put(partition);
    put(values.length);
    let last = 0;
    for (const value of values) {
      if (value === null) {
        put(0);
        continue;
      }
      const delta = value - last;
      put((delta < 0 ? -delta * 2 - 1 : delta * 2) + 1);
      last = value;
    }
  }
  return Uint8Array.from(bytes);
}

/** The reverse of `encodeLagChunk`. @throws RangeError for bytes that it did not make */
export function decodeLagChunk(bytes: Uint8Array): LagChunk {
  let at = 0;
  const take = (): number => {
    const first = bytes[at];
    // Nearly all are of one byte: a day of one group is some 80,000 of them.
    if (first !== undefined && first < 128) {
      at += 1;
      return first;
    }
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError(`the lag chunk ends at byte ${at}`);
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const version = take();
  if (version !== VERSION)
    throw new RangeError(`a lag chunk of version ${version}; this Courier reads ${VERSION}`);
  const chunk: LagChunk = { stepSeconds: take(), series: new Map() };
  for (let left = take(); left > 0; left -= 1) {
    const partition = take();
    const values: (number | null)[] = [];
    let last = 0;
    for (let slots = take(); slots > 0; slots -= 1) {
      const code = take();
      if (code === 0) {
        values.push(null);
        continue;
      }
      last += code % 2 === 0 ? -code / 2 : (code - 1) / 2;
      values.push(last);
    }
    chunk.series.set(partition, values);
  }
  return chunk;
}
