import type { Source } from '@/lib/domain/workers/source';
import type { BrokerRecord, FetchAnswer } from '@/lib/brokers/broker';
import { moveCursor, readCursors, recordGap, type Cursor } from '@/lib/store/sources/cursors';
import { forgetReported } from '@/lib/store/dead-letters/reported';
import { keepRejected } from '@/lib/store/facts/rejected';
import type { PoolClient } from '@/lib/postgres';
import type { Context } from '@/lib/context/context';

/** Records of one partition from one read. */
export interface TopicBatch {
  topic: string;
  partition: number;
  /** Distinguishes the topic from a deleted one of the same name. */
  incarnation: string | null;
  records: BrokerRecord[];
  /**
   * Advances the cursor and writes the gap, in the caller's transaction. Fails if another process read the batch.
   * @param leftOut records of the batch that the caller does not take, because they are older than the store keeps
   */
  claim(client: PoolClient, leftOut?: BrokerRecord[]): Promise<void>;
}

/** Where reading begins in partitions that were never read. */
export interface Beginning {
  /** What was written later is read. */
  since: Date;
  /** How many older records are read, the newest of each partition. */
  older: number;
}

const FROM_THE_FIRST = { next: 0n, readFrom: null, leftOut: 0n, leftOutTo: null };
/** A partition with at most so many unread records counts as one that is read to its end. */
const FEW_RECORDS = 1_000n;

/** A partition that is read. */
interface Place {
  topic: string;
  cursor: Cursor;
  /** Whether the cursor is stored. */
  known: boolean;
  /** The offset up to which records are written. */
  written: bigint;
  /** Start and end of its log as of the last answer; the end is null before the first. */
  start: bigint;
  end: bigint | null;
  /** When an answer last showed nothing unread, as `performance.now()`; null: never since the start. */
  atEndAt: number | null;
}

/** What a source has still to read. */
export interface Unread {
  /** Records, by offsets: transaction markers and compacted records count too. */
  unread: number;
  /**
   * Milliseconds since the longest waiting partition was read to its end. Partitions that never were since the start are
   * not counted: how old their records are, their times do not prove.
   */
  waitingMs: number;
  /** Records on the topics that were left out, by offsets. */
  leftOut: number;
}

/**
 * Reads topics from the cursors of a source exactly once: the cursor advances in the transaction that writes the batch, so
 * a killed reader neither loses nor duplicates records. Batches may be prefetched, but must be written in the order in
 * which they were read, without omissions; after a failure, use a new follower. `refresh` lists the topics again and
 * returns to the stored cursors.
 */
export class TopicFollower {
  private places: Place[] = [];

  constructor(
    private readonly context: Context,
    private readonly source: Source,
    private readonly wants: (topic: string) => boolean,
    /** Absent: partitions without a cursor are read from the start of their log. */
    private readonly beginning: (() => Promise<Beginning>) | null = null,
  ) {}

  /** Partitions that could not be read the last time, each with the reason. */
  standing: string[] = [];

  get partitions(): number {
    return this.places.length;
  }

  /** What is not written yet, as of the last answer of each partition. */
  get left(): Unread {
    let unread = 0n;
    let waitingMs = 0;
    let leftOut = 0n;
    const now = performance.now();
    for (const { written, start, end, atEndAt, cursor } of this.places) {
      leftOut += stillThere(cursor, start);
      const first = written > start ? written : start;
      if (end === null || end <= first) continue;
      unread += end - first;
      if (atEndAt !== null) waitingMs = Math.max(waitingMs, now - atEndAt);
    }
    return { unread: Number(unread), waitingMs: Math.round(waitingMs), leftOut: Number(leftOut) };
  }

  /** Lists the topics and reads their cursors. A topic that was deleted and created again is read from its start. */
  async refresh(): Promise<void> {
    const { broker, catalog, store } = this.context;
    const isUncounted = ({ readFrom, leftOutTo }: Cursor) => readFrom !== null && leftOutTo === null;
    const topics = (await broker.topics()).filter((topic) => this.wants(topic.name));
    const ids = await catalog.topicIds(topics.map((topic) => topic.name));
    const cursors = new Map((await readCursors(store, this.source)).map((cursor) => [keyOf(cursor), cursor]));
    const former = new Map(this.places.map((place) => [keyOf(place.cursor), place]));
    const places: Place[] = [];
    const unknown: Place[] = [];
    for (const { name, partitions, incarnation } of topics) {
      for (let partition = 0; partition < partitions; partition += 1) {
        const topicId = ids.get(name) ?? 0;
        const key = keyOf({ topicId, partition });
        const stored = cursors.get(key);
        const known = stored !== undefined && stored.incarnation === incarnation;
        const before = former.get(key)?.cursor.incarnation === incarnation ? former.get(key) : undefined;
        const begun = stored === undefined && before?.known === false ? before.cursor : null;
        // Records deleted before the first read are not a gap; a recreated topic is read from its start.
        const { next, readFrom, leftOut, leftOutTo } = known ? stored : (begun ?? FROM_THE_FIRST);
        const place: Place = {
          topic: name,
          known,
          cursor: { topicId, partition, incarnation, next, readFrom, leftOut, leftOutTo },
          written: next,
          start: before?.start ?? 0n,
          end: before?.end ?? null,
          atEndAt: before?.atEndAt ?? null,
        };
        places.push(place);
        if (stored === undefined && begun === null) unknown.push(place);
        if (stored && !known) {
          await forgetReported(store, topicId);
          await moveCursor(store, this.source, stored.next, place.cursor);
          place.known = true;
        }
        if (known && isUncounted(stored)) await this.countLeftOut(place);
      }
    }
    await this.begin(unknown);
    this.places = places;
  }

  /**
   * Sets the first offset of partitions without a cursor. Those whose log is empty have nothing older to leave out. Room for
   * older records goes to the partitions that have fewest first: most topics are read whole then.
   */
  private async begin(places: Place[]): Promise<void> {
    if (this.beginning === null || places.length === 0) return;
    const { broker } = this.context;
    const { since, older } = await this.beginning();
    const { known } = await broker.logEnds([...new Set(places.map((place) => place.topic))]);
    const logs = new Map(known.map((log) => [`${log.topic}/${log.partition}`, log]));
    const beginnings: { place: Place; start: bigint; first: bigint }[] = [];
    for (const place of places) {
      const { partition } = place.cursor;
      const log = logs.get(`${place.topic}/${partition}`);
      if (log?.start === log?.end && log) continue;
      const first = await broker.offsetAt(place.topic, partition, since.getTime());
      const start = log?.start ?? 0n;
      if (first > start) beginnings.push({ place, start, first });
    }
    let room = BigInt(older);
    beginnings.sort((a, b) => Number(a.first - a.start - (b.first - b.start)));
    for (const [at, { place, start, first }] of beginnings.entries()) {
      const share = room / BigInt(beginnings.length - at);
      const taken = first - start < share ? first - start : share;
      room -= taken;
      const next = first - taken;
      const isWhole = next === start;
      place.cursor = {
        ...place.cursor,
        next,
        readFrom: isWhole ? null : since,
        leftOut: next - start,
        leftOutTo: isWhole ? null : next,
      };
      place.start = start;
      place.written = next;
    }
  }

  /** Counts what a former release left out of a partition without counting it. */
  private async countLeftOut(place: Place): Promise<void> {
    const { topic, cursor } = place;
    const { broker, store } = this.context;
    if (cursor.readFrom === null) return;
    const { known } = await broker.logEnds([topic]);
    const start = known.find((log) => log.partition === cursor.partition)?.start;
    if (start === undefined) return;
    const first = await broker.offsetAt(topic, cursor.partition, cursor.readFrom.getTime());
    const leftOutTo = first > start ? first : start;
    place.cursor = { ...cursor, leftOut: leftOutTo - start, leftOutTo };
    await moveCursor(store, this.source, cursor.next, place.cursor);
  }

  /**
   * Reads one batch of every partition; waits up to `waitMs` if there are no records. The size of an answer is limited:
   * partitions with little left come first, so that what is new is not late while a backlog is read; the others take
   * turns.
   * @param maxBytes of one partition @param maxTotalBytes of all together
   */
  async read(waitMs: number, maxBytes: number, maxTotalBytes?: number): Promise<TopicBatch[]> {
    if (this.places.length === 0) return [];
    const hasLittle = ({ end, cursor }: Place) => end === null || end - cursor.next <= FEW_RECORDS;
    const places = [...this.places.filter(hasLittle), ...this.places.filter((place) => !hasLittle(place))];
    const positions = places.map(({ topic, cursor }) => ({
      topic,
      partition: cursor.partition,
      offset: cursor.next,
    }));
    const answers = await this.context.broker.fetch(positions, {
      maxBytes,
      waitMs,
      reader: this.source,
      ...(maxTotalBytes === undefined ? {} : { maxTotalBytes }),
    });
    this.standing = answers
      .filter(({ problem }) => problem !== null && problem !== 'beyond_end')
      .map(({ topic, partition, problem }) => `${topic}/${partition}: ${problem}`);
    const beyond = places.filter((_, index) => answers[index]?.problem === 'beyond_end');
    const shorter = await this.shorterOf(beyond);
    const read = new Set<Place>();
    const batches = places.flatMap((place, index) => {
      const answer = answers[index];
      if (!answer) return [];
      const isShorter = shorter.has(place);
      if (answer.problem !== null && !isShorter) return [];
      place.start = answer.start;
      place.end = answer.end;
      if (isShorter) return [this.batchOf(place, { ...answer, next: answer.end })];
      if (answer.end <= place.written) place.atEndAt = performance.now();
      if (answer.next === place.cursor.next && !answer.gap) return [];
      read.add(place);
      return [this.batchOf(place, answer)];
    });
    this.places = [...places.filter((place) => !read.has(place)), ...read];
    return batches;
  }

  /**
   * Moves cursors back to the end of logs that became shorter, as after an unclean leader election: records written from
   * now on are new. Recreated topics are handled by `refresh`.
   */
  private async shorterOf(beyond: Place[]): Promise<Set<Place>> {
    if (beyond.length === 0) return new Set();
    const topics = await this.context.broker.topics();
    const incarnations = new Map(topics.map((topic) => [topic.name, topic.incarnation]));
    return new Set(beyond.filter(({ topic, cursor }) => incarnations.get(topic) === cursor.incarnation));
  }

  private batchOf(place: Place, answer: FetchAnswer): TopicBatch {
    const { cursor, known } = place;
    const readAt = performance.now();
    place.cursor = { ...cursor, next: answer.next };
    place.known = true;
    return {
      topic: answer.topic,
      partition: answer.partition,
      incarnation: cursor.incarnation,
      records: answer.records,
      claim: async (client, leftOut = []) => {
        const last = leftOut.at(-1);
        // Of the place, since this batch may have been read before the one before it was written.
        const counted = {
          leftOut: stillThere(place.cursor, answer.start) + BigInt(leftOut.length),
          leftOutTo: last ? last.offset + 1n : place.cursor.leftOutTo,
        };
        place.cursor = { ...place.cursor, ...counted };
        await moveCursor(client, this.source, known ? cursor.next : null, {
          ...cursor,
          ...counted,
          next: answer.next,
        });
        if (answer.gap && known)
          await recordGap(client, this.source, cursor.topicId, cursor.partition, answer.gap);
        await keepRejected(
          client,
          this.context.cluster.id,
          this.source,
          (answer.passedOver ?? []).map(({ from, to, reason }) => ({
            place: `${answer.topic}/${answer.partition}/${from}-${to - 1n}`,
            reason,
            body: Buffer.alloc(0),
          })),
        );
        place.written = answer.next;
        if (answer.next >= answer.end) place.atEndAt = readAt;
      },
    };
  }
}

/** How many of the records that were left out of a partition its log still has, by offsets. @param start of the log */
function stillThere({ leftOut, leftOutTo }: Cursor, start: bigint): bigint {
  if (leftOutTo === null || leftOutTo <= start) return 0n;
  return leftOutTo - start < leftOut ? leftOutTo - start : leftOut;
}

function keyOf({ topicId, partition }: Pick<Cursor, 'topicId' | 'partition'>): string {
  return `${topicId}/${partition}`;
}
