import { groupBy } from '@/lib/values/group-by';
import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';
import type { FetchOptions } from '@/lib/brokers/broker';
import type { AbortedTransaction } from './record-batch';

/** The largest answer to a fetch that is asked for. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface ProduceAnswer {
  partition: number;
  error: number;
  baseOffset: bigint;
}

/** Produce v7, acks=all, one batch for one partition. @param timeoutMs for the replicas, on the broker */
export function produceRequest(
  topic: string,
  partition: number,
  batch: Buffer,
  timeoutMs: number,
): WireRequest<ProduceAnswer[]> {
  const body = new WireWriter().string(null).int16(-1).int32(timeoutMs);
  body.array([topic], (name) => {
    body.string(name).array([partition], (index) => body.int32(index).int32(batch.length).bytes(batch));
  });
  return {
    apiKey: 0,
    apiName: 'Produce',
    least: 7,
    most: 7,
    write: () => body.toBuffer(),
    read: (reader) =>
      reader
        .array(() => {
          reader.string();
          return reader.array(() => {
            const answer = { partition: reader.int32(), error: reader.int16(), baseOffset: reader.int64() };
            reader.int64();
            reader.int64();
            return answer;
          });
        })
        .flat(),
  };
}

export interface FetchPartitionAnswer {
  topic: string;
  partition: number;
  error: number;
  highWatermark: bigint;
  logStart: bigint;
  aborted: AbortedTransaction[];
  records: Buffer | null;
}

/** Fetch v11, outside any fetch session, up to the first transaction that is still open. */
export function fetchRequest(
  positions: { topic: string; partition: number; offset: bigint }[],
  { maxBytes, maxTotalBytes = MAX_ANSWER_BYTES, waitMs }: FetchOptions,
): WireRequest<FetchPartitionAnswer[]> {
  const body = new WireWriter()
    .int32(-1)
    .int32(waitMs)
    .int32(1)
    .int32(Math.min(maxTotalBytes, MAX_ANSWER_BYTES))
    .int8(1)
    .int32(0)
    .int32(-1);
  // The broker fills its answer in the order of the request, so a topic is named again where another one was between.
  const runs: { topic: string; list: typeof positions }[] = [];
  for (const position of positions) {
    const last = runs.at(-1);
    if (last?.topic === position.topic) last.list.push(position);
    else runs.push({ topic: position.topic, list: [position] });
  }
  body.array(runs, ({ topic, list }) => {
    body.string(topic).array(list, (position) => {
      body.int32(position.partition).int32(-1).int64(position.offset).int64(-1n).int32(maxBytes);
    });
  });
  body.int32(0).string('');
  return {
    apiKey: 1,
    apiName: 'Fetch',
    least: 11,
    most: 11,
    write: () => body.toBuffer(),
    read(reader) {
      reader.int32();
      reader.int16();
      reader.int32();
      return reader
        .array(() => {
          const topic = reader.string() ?? '';
          return reader.array(() => {
            const head = {
              topic,
              partition: reader.int32(),
              error: reader.int16(),
              highWatermark: reader.int64(),
            };
            reader.int64();
            const logStart = reader.int64();
            const aborted = reader.array(() => ({
              producerId: reader.int64(),
              firstOffset: reader.int64(),
            }));
            reader.int32();
            return { ...head, logStart, aborted, records: reader.bytes32() };
          });
        })
        .flat();
    },
  };
}

export interface ListOffsetsAnswer {
  topic: string;
  partition: number;
  error: number;
  timestamp: bigint;
  offset: bigint;
}

/** Times with a meaning of their own in ListOffsets. */
export const LOG_START = -2n;
export const LOG_END = -1n;

/** Isolation levels: the end of the log is then the high watermark, or the last stable offset. */
export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

/** ListOffsets v6 to v7 (which have the same form) for partitions that one broker leads. */
export function listOffsetsRequest(
  partitions: { topic: string; partition: number }[],
  time: bigint,
  isolation: typeof READ_UNCOMMITTED | typeof READ_COMMITTED,
): WireRequest<ListOffsetsAnswer[]> {
  const body = new WireWriter().noTags().int32(-1).int8(isolation);
  body.compactArray([...groupBy(partitions, (item) => item.topic)], ([topic, list]) => {
    body.compactString(topic);
    body.compactArray(list, (item) => body.int32(item.partition).int32(-1).int64(time).noTags());
    body.noTags();
  });
  body.noTags();
  return {
    apiKey: 2,
    apiName: 'ListOffsets',
    least: 6,
    most: 7,
    write: () => body.toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader
        .compactArray(() => {
          const topic = reader.compactString() ?? '';
          const list = reader.compactArray(() => {
            const item = {
              topic,
              partition: reader.int32(),
              error: reader.int16(),
              timestamp: reader.int64(),
              offset: reader.int64(),
            };
            reader.int32();
            reader.skipTags();
            return item;
          });
          reader.skipTags();
          return list;
        })
        .flat();
    },
  };
}
