import { groupBy } from '@/lib/values/group-by';
import { CourierError } from '@/lib/errors';
import type { FetchAnswer, FetchOptions, FetchPosition, FetchProblem, LogEnds } from '@/lib/brokers/broker';
import { unreachable, type KafkaMetadata } from './metadata';
import type { WireConnection } from './wire/connection';
import { KAFKA_ERROR } from './wire/errors';
import { decodeRecordBatches } from './wire/record-batch';
import {
  fetchRequest,
  listOffsetsRequest,
  LOG_END,
  LOG_START,
  type FetchPartitionAnswer,
} from './wire/requests';

/** The leader moved or is not ready: refresh the metadata and retry. */
const MOVED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.LEADER_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER,
  KAFKA_ERROR.REPLICA_NOT_AVAILABLE,
  KAFKA_ERROR.FENCED_LEADER_EPOCH,
  KAFKA_ERROR.UNKNOWN_LEADER_EPOCH,
  KAFKA_ERROR.OFFSET_NOT_AVAILABLE,
  KAFKA_ERROR.UNKNOWN_TOPIC_ID,
]);
/** The broker cannot return the records in a format that Courier supports. */
const UNREADABLE: ReadonlySet<number> = new Set([
  KAFKA_ERROR.UNSUPPORTED_FOR_MESSAGE_FORMAT,
  KAFKA_ERROR.UNSUPPORTED_COMPRESSION_TYPE,
]);
const TRIES = 5;

/** Reads records and the ends of logs from each partition's leader. */
export class KafkaReader {
  constructor(
    private readonly connection: WireConnection,
    private readonly metadata: KafkaMetadata,
    private readonly addresses: string[],
    private readonly maxBatchBytes: number,
  ) {}

  async logEnds(topics: string[]): Promise<LogEnds[]> {
    const partitions: { topic: string; partition: number }[] = [];
    for (const topic of topics) {
      const known = [...((await this.metadata.topic(topic))?.leaders.keys() ?? [])];
      for (const partition of known.sort((a, b) => a - b)) partitions.push({ topic, partition });
    }
    const [starts, ends] = await Promise.all([
      this.offsets(partitions, LOG_START),
      this.offsets(partitions, LOG_END),
    ]);
    return partitions.flatMap(({ topic, partition }) => {
      const start = starts.get(`${topic}/${partition}`);
      const end = ends.get(`${topic}/${partition}`);
      return start === undefined || end === undefined ? [] : [{ topic, partition, start, end }];
    });
  }

  async offsetAt(topic: string, partition: number, time: number): Promise<bigint> {
    const found = (await this.offsets([{ topic, partition }], BigInt(Math.trunc(time)))).get(
      `${topic}/${partition}`,
    );
    if (found === undefined)
      throw new CourierError(
        'not_found',
        `${topic}/${partition} does not exist on ${this.addresses.join(', ')}.`,
      );
    if (found >= 0n) return found;
    return (await this.offsets([{ topic, partition }], LOG_END)).get(`${topic}/${partition}`) ?? 0n;
  }

  async fetch(from: FetchPosition[], options: FetchOptions): Promise<FetchAnswer[]> {
    const answers = new Map<string, FetchAnswer>();
    let open = from;
    for (let tried = 0; tried < TRIES && open.length > 0; tried += 1) {
      if (tried > 0) {
        this.metadata.forget();
        await new Promise((resolve) => setTimeout(resolve, 100 * tried));
      }
      const again: FetchPosition[] = [];
      for (const [leader, positions] of await this.byLeader(open)) {
        if (typeof leader === 'string') {
          for (const position of positions) {
            if (leader === 'no_leader') again.push(position);
            else answers.set(keyOf(position), problem(position, 'unknown_topic'));
          }
          continue;
        }
        const raw = await this.ask(() =>
          this.connection.send(leader, fetchRequest(positions, options.maxBytes, options.waitMs)),
        );
        for (const item of raw) {
          const position = positions.find((asked) => keyOf(asked) === keyOf(item));
          if (!position) continue;
          if (MOVED.has(item.error)) again.push(position);
          else answers.set(keyOf(position), await this.read(position, item, options));
        }
      }
      open = again;
      // A partition without a leader does not block the others.
      if (
        [...answers.values()].some((answer) => answer.records.length > 0 || answer.gap || answer.passedOver)
      )
        break;
    }
    for (const position of open) answers.set(keyOf(position), problem(position, 'no_leader'));
    return from.map((position) => answers.get(keyOf(position)) ?? problem(position, 'unknown_topic'));
  }

  private async read(
    position: FetchPosition,
    raw: FetchPartitionAnswer,
    options: FetchOptions,
  ): Promise<FetchAnswer> {
    if (raw.error === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION) {
      this.metadata.forget();
      return problem(position, 'unknown_topic');
    }
    if (raw.error === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) return this.readOutOfRange(position, options);
    if (UNREADABLE.has(raw.error)) return problem(position, 'unreadable');
    if (raw.error !== 0) return problem(position, 'refused');
    let decoded;
    try {
      decoded = await decodeRecordBatches(
        position.topic,
        position.partition,
        raw.records ?? Buffer.alloc(0),
        position.offset,
        raw.aborted,
        this.maxBatchBytes,
      );
    } catch {
      return problem(position, 'unreadable');
    }
    const { records, next, passedOver } = decoded;
    return {
      topic: position.topic,
      partition: position.partition,
      records,
      next: next !== null && next > position.offset ? next : position.offset,
      start: raw.logStart,
      end: raw.highWatermark,
      gap: null,
      ...(passedOver.length > 0 ? { passedOver } : {}),
      problem: null,
    };
  }

  /** What was deleted before we came is named as a gap, and what is still there is read. */
  private async readOutOfRange(position: FetchPosition, options: FetchOptions): Promise<FetchAnswer> {
    const [ends] = (await this.logEnds([position.topic])).filter(
      (item) => item.partition === position.partition,
    );
    if (!ends) return problem(position, 'unknown_topic');
    if (position.offset > ends.end)
      return { ...problem(position, 'beyond_end'), start: ends.start, end: ends.end };
    const [rest] = await this.fetch([{ ...position, offset: ends.start }], { ...options, waitMs: 0 });
    if (!rest) return problem(position, 'unknown_topic');
    return { ...rest, gap: { from: position.offset, to: ends.start } };
  }

  private async offsets(
    partitions: { topic: string; partition: number }[],
    time: bigint,
  ): Promise<Map<string, bigint>> {
    const found = new Map<string, bigint>();
    let open = partitions;
    for (let tried = 0; tried < TRIES && open.length > 0; tried += 1) {
      if (tried > 0) {
        this.metadata.forget();
        await new Promise((resolve) => setTimeout(resolve, 100 * tried));
      }
      const again: typeof partitions = [];
      const byLeader = await this.byLeader(open);
      await Promise.all(
        [...byLeader].map(async ([leader, list]) => {
          if (typeof leader === 'string') {
            if (leader === 'no_leader') again.push(...list);
            return;
          }
          const answers = await this.ask(() => this.connection.send(leader, listOffsetsRequest(list, time)));
          for (const answer of answers) {
            if (MOVED.has(answer.error)) again.push(answer);
            else if (answer.error === 0) found.set(keyOf(answer), answer.offset);
          }
        }),
      );
      open = again;
    }
    return found;
  }

  private async byLeader<T extends { topic: string; partition: number }>(list: T[]) {
    const led: { leader: number | 'no_topic' | 'no_partition' | 'no_leader'; item: T }[] = [];
    for (const item of list)
      led.push({ leader: await this.metadata.leaderOf(item.topic, item.partition), item });
    return new Map(
      [...groupBy(led, (entry) => entry.leader)].map(([leader, entries]) => [
        leader,
        entries.map((entry) => entry.item),
      ]),
    );
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.metadata.forget();
      throw unreachable(this.addresses, error);
    }
  }
}

function keyOf(item: { topic: string; partition: number }): string {
  return `${item.topic}/${item.partition}`;
}

function problem(position: FetchPosition, what: FetchProblem): FetchAnswer {
  const { topic, partition, offset } = position;
  return { topic, partition, records: [], next: offset, start: 0n, end: 0n, gap: null, problem: what };
}
