import {
  BEHIND,
  CHUNK_SECONDS,
  decodeLagChunk,
  encodeLagChunk,
  POSITIONS,
  type LagChunk,
} from '@/lib/domain/groups/lag-chunk';
import { groupBy } from '@/lib/values/group-by';
import type { StoredChunk } from '@/lib/store/lag/read-lag';
import type { ChunkRow } from '@/lib/store/lag/write-sample';

interface OpenChunk {
  groupId: number;
  topicId: number;
  startMs: number;
  chunk: LagChunk;
}

/** A point of the charts of one partition. */
export interface LagPoint {
  groupId: number;
  topicId: number;
  partition: number;
  /** null: not known. */
  lag: number | null;
  delaySeconds: number | null;
  /** Committed position; null: none; undefined: it is not kept. */
  position?: number | null | undefined;
}

/** The chunks of lag history that are being filled, one for each group and topic. */
export class LagChunks {
  private readonly open = new Map<string, OpenChunk>();

  /** Takes up what the last process left. */
  restore(stored: ReadonlyMap<number, StoredChunk[]>): void {
    for (const [groupId, chunks] of stored)
      for (const { topicId, startAt, data } of chunks)
        this.open.set(`${groupId} ${topicId}`, {
          groupId,
          topicId,
          startMs: startAt.getTime(),
          chunk: decodeLagChunk(data),
        });
  }

  /** Adds a sample. @returns the chunks that it changed */
  add(points: readonly LagPoint[], now: Date, stepSeconds: number): ChunkRow[] {
    const startMs = Math.floor(now.getTime() / (CHUNK_SECONDS * 1000)) * CHUNK_SECONDS * 1000;
    const slot = Math.floor((now.getTime() - startMs) / (stepSeconds * 1000));
    for (const [key, { startMs: began }] of this.open) if (began < startMs) this.open.delete(key);
    return [...groupBy(points, (point) => `${point.groupId} ${point.topicId}`)].flatMap(([key, list]) => {
      const [first] = list;
      if (!first) return [];
      let open = this.open.get(key);
      if (open?.startMs !== startMs || open.chunk.stepSeconds !== stepSeconds) {
        const chunk = { stepSeconds, series: new Map() };
        open = { groupId: first.groupId, topicId: first.topicId, startMs, chunk };
        this.open.set(key, open);
      }
      const { series } = open.chunk;
      const put = (name: number, value: number | null) => {
        const values = series.get(name) ?? [];
        while (values.length < slot) values.push(null);
        values[slot] = value;
        series.set(name, values);
      };
      for (const { partition, lag, position } of list) {
        put(partition, lag);
        if (position !== undefined) put(POSITIONS + partition, position);
      }
      const delays = list.flatMap(({ delaySeconds }) => delaySeconds ?? []);
      put(BEHIND, delays.length === 0 ? null : Math.round(Math.max(...delays)));
      const { groupId, topicId, chunk } = open;
      return [{ groupId, topicId, startAt: new Date(startMs), data: encodeLagChunk(chunk) }];
    });
  }
}
