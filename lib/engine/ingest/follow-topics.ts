import type { Source } from '@/lib/domain/workers/source';
import type { BrokerRecord, FetchAnswer } from '@/lib/brokers/broker';
import { moveCursor, readCursors, recordGap, type Cursor } from '@/lib/store/sources/cursors';
import { keepRejected } from '@/lib/store/facts/rejected';
import type { PoolClient } from '@/lib/postgres';
import type { Context } from '@/lib/context/context';

/** Records of one partition from one read. */
export interface TopicBatch {
  topic: string;
  partition: number;
  records: BrokerRecord[];
  /** Advances the cursor and writes the gap, in the caller's transaction. Fails if another process read the batch. */
  claim(client: PoolClient): Promise<void>;
}

const FROM_THE_FIRST = { next: 0n, readFrom: null };

/**
 * Reads topics from the cursors of a source exactly once: the cursor advances in the transaction that writes the batch, so
 * a killed reader neither loses nor duplicates records. Batches may be prefetched, but must be written in the order in
 * which they were read, without omissions; after a failure, use a new follower. `refresh` lists the topics again and
 * returns to the stored cursors.
 */
export class TopicFollower {
  private places: { topic: string; cursor: Cursor; known: boolean }[] = [];

  constructor(
    private readonly context: Context,
    private readonly source: Source,
    private readonly wants: (topic: string) => boolean,
    /** Start time for partitions without a cursor; absent: the start of the log. */
    private readonly since: (() => Date) | null = null,
  ) {}

  /** Partitions that could not be read the last time, each with the reason. */
  standing: string[] = [];

  get partitions(): number {
    return this.places.length;
  }

  /** Lists the topics and reads their cursors. A topic that was deleted and created again is read from its start. */
  async refresh(): Promise<void> {
    const { broker, catalog, store } = this.context;
    const topics = (await broker.topics()).filter((topic) => this.wants(topic.name));
    const ids = await catalog.topicIds(topics.map((topic) => topic.name));
    const cursors = await readCursors(store, this.source);
    const places: typeof this.places = [];
    for (const topic of topics) {
      for (let partition = 0; partition < topic.partitions; partition += 1) {
        const topicId = ids.get(topic.name) ?? 0;
        const known = cursors.find((cursor) => cursor.topicId === topicId && cursor.partition === partition);
        const same = known?.incarnation === topic.incarnation;
        // Records deleted before the first read are not a gap; a recreated topic is read from its start.
        const { next, readFrom } = known
          ? same
            ? known
            : FROM_THE_FIRST
          : await this.beginOf(topic.name, partition);
        places.push({
          topic: topic.name,
          known: known !== undefined && same,
          cursor: { topicId, partition, incarnation: topic.incarnation, next, readFrom },
        });
      }
    }
    this.places = places;
    for (const place of this.places) {
      const old = cursors.find(
        (item) => item.topicId === place.cursor.topicId && item.partition === place.cursor.partition,
      );
      if (old && !place.known) {
        await moveCursor(store, this.source, old.next, place.cursor);
        place.known = true;
      }
    }
  }

  /** The first offset of a partition without a cursor. */
  private async beginOf(topic: string, partition: number): Promise<Pick<Cursor, 'next' | 'readFrom'>> {
    const since = this.since?.();
    if (!since) return FROM_THE_FIRST;
    const next = await this.context.broker.offsetAt(topic, partition, since.getTime());
    return next === 0n ? FROM_THE_FIRST : { next, readFrom: since };
  }

  /** Reads one batch of every partition; waits up to `waitMs` if there are no records. */
  async read(waitMs: number, maxBytes: number): Promise<TopicBatch[]> {
    // The size of an answer is limited, so the order rotates and no partition starves.
    const [first, ...others] = this.places;
    if (!first) return [];
    this.places = [...others, first];
    const { places } = this;
    const positions = places.map((place) => ({
      topic: place.topic,
      partition: place.cursor.partition,
      offset: place.cursor.next,
    }));
    const answers = await this.context.broker.fetch(positions, { maxBytes, waitMs });
    this.standing = answers
      .filter(({ problem }) => problem !== null && problem !== 'beyond_end')
      .map(({ topic, partition, problem }) => `${topic}/${partition}: ${problem}`);
    const beyond = places.filter((_, index) => answers[index]?.problem === 'beyond_end');
    const shorter = await this.shorterOf(beyond);
    return answers.flatMap((answer, index) => {
      const place = places[index];
      if (!place) return [];
      if (answer.problem === 'beyond_end')
        return shorter.has(place) ? [this.batchOf(place, { ...answer, next: answer.end })] : [];
      if (answer.next === place.cursor.next && !answer.gap) return [];
      return [this.batchOf(place, answer)];
    });
  }

  /**
   * Moves cursors back to the end of logs that became shorter, as after an unclean leader election: records written from
   * now on are new. Recreated topics are handled by `refresh`.
   */
  private async shorterOf<Place extends { topic: string; cursor: Cursor }>(
    beyond: Place[],
  ): Promise<Set<Place>> {
    if (beyond.length === 0) return new Set();
    const topics = await this.context.broker.topics();
    const incarnations = new Map(topics.map((topic) => [topic.name, topic.incarnation]));
    return new Set(beyond.filter(({ topic, cursor }) => incarnations.get(topic) === cursor.incarnation));
  }

  private batchOf(place: { topic: string; cursor: Cursor; known: boolean }, answer: FetchAnswer): TopicBatch {
    const { cursor, known } = place;
    place.cursor = { ...cursor, next: answer.next };
    place.known = true;
    return {
      topic: answer.topic,
      partition: answer.partition,
      records: answer.records,
      claim: async (client) => {
        await moveCursor(client, this.source, known ? cursor.next : null, { ...cursor, next: answer.next });
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
      },
    };
  }
}
