import { groupBy } from '@/lib/values/group-by';
import { CourierError } from '@/lib/errors';
import type {
  FetchAnswer,
  FetchOptions,
  FetchPosition,
  FetchProblem,
  LogEnds,
  UnknownEnds,
} from '@/lib/brokers/broker';
import { unreachable, type KafkaMetadata } from './metadata';
import type { KafkaConnections } from './connections';
import { KAFKA_ERROR } from './wire/errors';
import { decodeRecordBatches } from './wire/record-batch';
import {
  fetchRequest,
  listOffsetsRequest,
  LOG_END,
  LOG_START,
  READ_COMMITTED,
  READ_UNCOMMITTED,
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
    private readonly connections: Pick<KafkaConnections, 'sendRead'>,
    private readonly metadata: KafkaMetadata,
    private readonly addresses: string[],
    private readonly maxBatchBytes: number,
  ) {}

  async logEnds(topics: string[]): Promise<LogEnds> {
    const partitions = await this.partitionsOf(topics);
    const [starts, ends] = await Promise.all([
      this.offsets(partitions, LOG_START),
      this.offsets(partitions, LOG_END),
    ]);
    const answer: LogEnds = { known: [], unknown: [] };
    for (const { topic, partition } of partitions) {
      const start = starts.get(`${topic}/${partition}`);
      const end = ends.get(`${topic}/${partition}`);
      if (typeof start === 'bigint' && typeof end === 'bigint')
        answer.known.push({ topic, partition, start, end });
      // A partition that vanished between the two requests left with its topic.
      else if (typeof start === 'string') answer.unknown.push({ topic, partition, reason: start });
      else if (typeof end === 'string') answer.unknown.push({ topic, partition, reason: end });
    }
    return answer;
  }

  async stableEnds(topics: string[]): Promise<Map<string, bigint>> {
    const found = await this.offsets(await this.partitionsOf(topics), LOG_END, READ_COMMITTED);
    return new Map(
      [...found].flatMap(([key, end]) => (typeof end === 'bigint' ? [[key, end] as const] : [])),
    );
  }

  private async partitionsOf(topics: string[]): Promise<Partition[]> {
    const partitions: Partition[] = [];
    for (const topic of topics) {
      const known = [...((await this.metadata.topic(topic))?.leaders.keys() ?? [])];
      for (const partition of known.sort((a, b) => a - b)) partitions.push({ topic, partition });
    }
    return partitions;
  }

  async offsetAt(topic: string, partition: number, time: number): Promise<bigint> {
    const key = `${topic}/${partition}`;
    const found = (await this.offsets([{ topic, partition }], BigInt(Math.trunc(time)))).get(key);
    if (typeof found === 'bigint' && found >= 0n) return found;
    const end =
      typeof found === 'bigint' ? (await this.offsets([{ topic, partition }], LOG_END)).get(key) : found;
    if (typeof end === 'bigint') return end;
    throw new CourierError(
      end === undefined ? 'not_found' : 'broker_unreachable',
      end === undefined
        ? `${key} does not exist on ${this.addresses.join(', ')}.`
        : `${key} cannot be read now (${end}).`,
    );
  }

  /**
   * Where several brokers lead, the records that exist already are asked for first: the answer waits for all brokers, and
   * one without records would hold back those of the others.
   */
  async fetch(from: FetchPosition[], options: FetchOptions): Promise<FetchAnswer[]> {
    if (options.waitMs > 0 && (await this.byLeader(from)).size > 1) {
      const answers = await this.fetchOnce(from, { ...options, waitMs: 0 });
      if (answers.some(isSomething)) return answers;
    }
    return this.fetchOnce(from, options);
  }

  private async fetchOnce(from: FetchPosition[], options: FetchOptions): Promise<FetchAnswer[]> {
    const answers = new Map<string, FetchAnswer>();
    const failures: unknown[] = [];
    let open = from;
    for (let tried = 0; tried < TRIES && open.length > 0; tried += 1) {
      if (tried > 0) await this.beforeNextTry(tried);
      const again: FetchPosition[] = [];
      const byLeader = await this.byLeader(open);
      await Promise.all(
        [...byLeader].map(async ([leader, positions]) => {
          if (typeof leader === 'string') {
            for (const position of positions) {
              if (leader === 'no_leader') again.push(position);
              else answers.set(keyOf(position), problem(position, 'unknown_topic'));
            }
            return;
          }
          try {
            const request = fetchRequest(positions, options);
            const asked = new Map(positions.map((position) => [keyOf(position), position]));
            for (const item of await this.connections.sendRead(leader, request, options)) {
              const position = asked.get(keyOf(item));
              if (!position) continue;
              if (MOVED.has(item.error)) again.push(position);
              else answers.set(keyOf(position), await this.read(position, item, options));
            }
          } catch (error) {
            // One broker that does not answer must not hide what the others have.
            this.metadata.forget();
            failures.push(error);
            for (const position of positions)
              if (!answers.has(keyOf(position)))
                answers.set(keyOf(position), problem(position, 'unreachable'));
          }
        }),
      );
      open = again;
      // A partition without a leader does not block the others.
      if ([...answers.values()].some(isSomething)) break;
    }
    for (const position of open) answers.set(keyOf(position), problem(position, 'no_leader'));
    if (failures.length > 0 && [...answers.values()].every((answer) => answer.problem === 'unreachable'))
      throw unreachable(this.addresses, failures[0]);
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
    const { known, unknown } = await this.logEnds([position.topic]);
    const ends = known.find((item) => item.partition === position.partition);
    if (!ends) {
      const reason = unknown.find((item) => item.partition === position.partition)?.reason;
      return problem(position, reason ?? 'unknown_topic');
    }
    if (position.offset > ends.end)
      return { ...problem(position, 'beyond_end'), start: ends.start, end: ends.end };
    const [rest] = await this.fetchOnce([{ ...position, offset: ends.start }], { ...options, waitMs: 0 });
    if (!rest) return problem(position, 'unknown_topic');
    return { ...rest, gap: { from: position.offset, to: ends.start } };
  }

  /** The offsets at a time, or why a partition's is not known; partitions that do not exist are left out. */
  private async offsets(
    partitions: Partition[],
    time: bigint,
    isolation: typeof READ_COMMITTED | typeof READ_UNCOMMITTED = READ_UNCOMMITTED,
  ): Promise<Map<string, bigint | UnknownEnds['reason']>> {
    const found = new Map<string, bigint | UnknownEnds['reason']>();
    const failures: unknown[] = [];
    let open = partitions;
    for (let tried = 0; tried < TRIES && open.length > 0; tried += 1) {
      if (tried > 0) await this.beforeNextTry(tried);
      const again: Partition[] = [];
      const byLeader = await this.byLeader(open);
      await Promise.all(
        [...byLeader].map(async ([leader, list]) => {
          if (typeof leader === 'string') {
            if (leader === 'no_leader') again.push(...list);
            return;
          }
          try {
            const request = listOffsetsRequest(list, time, isolation);
            for (const answer of await this.connections.sendRead(leader, request)) {
              if (MOVED.has(answer.error)) again.push(answer);
              else if (answer.error === 0) found.set(keyOf(answer), answer.offset);
              else if (answer.error !== KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION)
                found.set(keyOf(answer), 'refused');
            }
          } catch (error) {
            this.metadata.forget();
            failures.push(error);
            for (const item of list) found.set(keyOf(item), 'unreachable');
          }
        }),
      );
      open = again;
      // Where the rest has answers, a partition without a leader is not waited for.
      if (found.size > 0 && tried >= 1) break;
    }
    for (const item of open) found.set(keyOf(item), 'no_leader');
    if (failures.length > 0 && [...found.values()].every((item) => item === 'unreachable'))
      throw unreachable(this.addresses, failures[0]);
    return found;
  }

  /** Leaders move within moments, so they are asked for anew. */
  private async beforeNextTry(tried: number): Promise<void> {
    this.metadata.forget();
    await new Promise((resolve) => setTimeout(resolve, 100 * tried));
  }

  private async byLeader<T extends Partition>(list: T[]) {
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
}

interface Partition {
  topic: string;
  partition: number;
}

/** Whether an answer has anything that a reader has to go on with. */
function isSomething({ records, gap, passedOver }: FetchAnswer): boolean {
  return records.length > 0 || gap !== null || passedOver !== undefined;
}

function keyOf(item: { topic: string; partition: number }): string {
  return `${item.topic}/${item.partition}`;
}

function problem(position: FetchPosition, what: FetchProblem): FetchAnswer {
  const { topic, partition, offset } = position;
  return { topic, partition, records: [], next: offset, start: 0n, end: 0n, gap: null, problem: what };
}
