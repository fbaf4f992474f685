import { partitionOfKey } from '../key-hash';
import type { Pool } from 'pg';
import type * as port from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import { CourierError, sentenceOf } from '@/lib/errors';
import { EmbeddedGroups, type Division } from './groups';
import { append, checkTopicName, readRecords } from './log';
import { EmbeddedGroupReader } from './group-reader';
import { movePositions } from './move-positions';
import { Signals } from './signals';

interface PartitionRow {
  topic_id: number;
  name: string;
  partition: number;
  start_offset: string;
  next_offset: string;
}

/** Poll interval of a waiting reader without notifications. */
const POLL_EVERY_MS = 100;
/** Assignments and the overview of the broker iterate over all partitions. */
const MAX_PARTITIONS = 10_000;
/** Partitions of the topics that one service made, so that it leaves room for the others. */
const MAX_PARTITIONS_OF_SERVICE = 2_500;
const MAX_KNOWN_PUBLISHERS = 10_000;

/**
 * The embedded broker: a small log in the tracking store's own PostgreSQL, for trying Courier out, for tests and for
 * small installations. Groups live in `groups.ts`; services reach both through the intake.
 */
export class EmbeddedBroker implements port.Broker {
  readonly signals: Signals;
  readonly capabilities: { serviceAccess: port.ServiceAccess; checkConnection: null };
  private readonly groupReader: EmbeddedGroupReader;
  /** Topic and service, of those that are known to publish. */
  private readonly publishers = new Set<string>();

  constructor(
    readonly name: string,
    private readonly pool: Pool,
    private readonly requestTimeoutMs: number,
    private readonly retentionMs: number,
  ) {
    this.signals = new Signals(pool);
    this.groupReader = new EmbeddedGroupReader((name, text, values) => this.ask(name, text, values));
    this.capabilities = { serviceAccess: new EmbeddedGroups(pool, this), checkConnection: null };
  }

  async overview(): Promise<port.BrokerOverview> {
    const { rows } = await this.ask<{ id: string }>(
      'cluster-id',
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    return { clusterId: rows[0]?.id ?? null, brokers: [], seesAllGroups: true };
  }

  rights(): Promise<null> {
    return Promise.resolve(null);
  }

  async topics(): Promise<port.TopicInfo[]> {
    const { rows } = await this.ask<{ name: string; incarnation: string; partitions: number }>(
      'topics',
      `SELECT t.name, t.incarnation, count(p.*)::int AS partitions
       FROM embedded_topic t LEFT JOIN embedded_partition p ON p.topic_id = t.id GROUP BY t.id ORDER BY t.name`,
    );
    return rows;
  }

  /** @param madeBy the service that makes them; absent: Courier itself */
  async createTopics(
    topics: { name: string; partitions: number }[],
    madeBy: string | null = null,
  ): Promise<string[]> {
    topics.forEach((topic) => checkTopicName(topic.name));
    const { rows: parts } = await this.ask<{ count: number; own: number; known: string[] }>(
      'count-partitions',
      `SELECT count(*) FILTER (WHERE t.name <> ALL ($1))::int AS count,
         count(*) FILTER (WHERE t.name <> ALL ($1) AND t.made_by = $2)::int AS own,
         coalesce(array_agg(DISTINCT t.name) FILTER (WHERE t.name = ANY ($1)), '{}') AS known
       FROM embedded_partition p JOIN embedded_topic t ON t.id = p.topic_id`,
      [topics.map((topic) => topic.name), madeBy],
    );
    const fresh = topics.filter((topic) => parts[0]?.known.includes(topic.name) !== true);
    const own = fresh.reduce((sum, topic) => sum + topic.partitions, parts[0]?.own ?? 0);
    if (madeBy !== null && fresh.length > 0 && own > MAX_PARTITIONS_OF_SERVICE)
      throw new CourierError(
        'not_allowed',
        `The topics that ${madeBy} made on the embedded broker would have ${own} partitions, of ${MAX_PARTITIONS_OF_SERVICE} at most. Ask for fewer, or delete topics that nobody uses.`,
      );
    const asked = topics.reduce((sum, topic) => sum + topic.partitions, parts[0]?.count ?? 0);
    if (asked > MAX_PARTITIONS)
      throw new CourierError(
        'not_allowed',
        `The embedded broker has at most ${MAX_PARTITIONS} partitions, and would have ${asked}. Ask for fewer, or delete topics that nobody uses.`,
      );
    const { rows } = await this.ask<{ name: string }>(
      'create-topics',
      `WITH made AS (
         INSERT INTO embedded_topic (name, made_by) SELECT name, $3 FROM unnest($1::text[]) AS name
         ON CONFLICT (name) DO NOTHING RETURNING id, name
       ), parts AS (
         INSERT INTO embedded_partition (topic_id, partition)
         SELECT made.id, number FROM made
         JOIN unnest($1::text[], $2::int[]) AS asked (name, partitions) ON asked.name = made.name,
         generate_series(0, asked.partitions - 1) AS number
       )
       SELECT name FROM made`,
      [topics.map((topic) => topic.name), topics.map((topic) => topic.partitions), madeBy],
    );
    return rows.map((row) => row.name);
  }

  /** See `ServiceAccess`. */
  async claimPublishing(topic: string, service: string): Promise<string | null> {
    const key = `${topic}\n${service}`;
    if (this.publishers.has(key)) return null;
    const { rows } = await this.ask<{ claimed: boolean; publishers: string[] }>(
      'claim-publishing',
      `WITH mine AS (
         UPDATE embedded_topic SET publishers = array_append(array_remove(publishers, $2), $2)
         WHERE name = $1 AND (made_by = $2 OR publishers = '{}' OR $2 = ANY (publishers)) RETURNING name)
       SELECT EXISTS (SELECT 1 FROM mine) AS claimed, publishers FROM embedded_topic WHERE name = $1`,
      [topic, service],
    );
    const row = rows[0];
    if (!row) return null;
    if (!row.claimed) return row.publishers[0] ?? 'another service';
    // Cached permanently: a publisher keeps its right until the topic is deleted.
    if (this.publishers.size >= MAX_KNOWN_PUBLISHERS) this.publishers.clear();
    this.publishers.add(key);
    return null;
  }

  async deleteTopic(name: string): Promise<void> {
    await this.ask('delete-topic', 'DELETE FROM embedded_topic WHERE name = $1', [name]);
    this.publishers.clear();
  }

  /** The embedded broker keeps what the store keeps: housekeeping removes both together. */
  async topicSettings(name: string): Promise<port.TopicSettings | null> {
    return (await this.settingsOf([name])).get(name) ?? null;
  }

  async settingsOf(topics: string[]): Promise<Map<string, port.TopicSettings>> {
    const settings: port.TopicSettings = {
      retentionMs: this.retentionMs,
      retentionBytes: null,
      segmentBytes: null,
      segmentMs: null,
      isTiered: false,
      compacted: false,
      maxBatchBytes: null,
    };
    return new Map((await this.partitions(topics)).map(({ name }) => [name, settings]));
  }

  /** Nothing is deleted by size. */
  logSizes(): Promise<Map<string, number>> {
    return Promise.resolve(new Map<string, number>());
  }

  async logEnds(topics: string[]): Promise<port.LogEnds> {
    const known = (await this.partitions(topics)).map((row) => ({
      topic: row.name,
      partition: row.partition,
      start: BigInt(row.start_offset),
      end: BigInt(row.next_offset),
    }));
    return { known, unknown: [] };
  }

  /** There are no transactions. */
  async stableEnds(topics: string[]): Promise<Map<string, bigint>> {
    const { known } = await this.logEnds(topics);
    return new Map(known.map(({ topic, partition, end }) => [`${topic}/${partition}`, end]));
  }

  openTransaction(): Promise<null> {
    return Promise.resolve(null);
  }

  async partitionFor(topic: string, key: Buffer): Promise<number | null> {
    const division = (await this.divisions([topic])).get(topic);
    return division ? partitionOfKey(key, division.partitions, division.hash) : null;
  }

  /** How the keys of topics are divided; topics that do not exist are left out. */
  async divisions(topics: string[]): Promise<Map<string, Division>> {
    const { rows } = await this.ask<Division & { name: string }>(
      'divisions',
      `SELECT t.name, t.key_hash AS hash, count(*)::int AS partitions
       FROM embedded_topic t JOIN embedded_partition p ON p.topic_id = t.id WHERE t.name = ANY ($1) GROUP BY t.id`,
      [topics],
    );
    return new Map(rows.map(({ name, ...division }) => [name, division]));
  }

  async offsetAt(topic: string, partition: number, time: number): Promise<bigint> {
    const row = (await this.partitions([topic])).find((item) => item.partition === partition);
    if (!row)
      throw new CourierError('not_found', `${topic}/${partition} does not exist on the embedded broker.`);
    const { rows } = await this.ask<{ offset: string | null }>(
      'offset-at',
      'SELECT min("offset") AS offset FROM embedded_record WHERE topic_id = $1 AND partition = $2 AND at >= $3',
      [row.topic_id, partition, new Date(time)],
    );
    return BigInt(rows[0]?.offset ?? row.next_offset);
  }

  groups(): Promise<port.GroupListing> {
    return this.groupReader.list();
  }

  describeGroups(groups: port.GroupInfo[]): Promise<port.GroupDescription[]> {
    return this.groupReader.describe(groups);
  }

  deadGroups(groups: Pick<port.GroupInfo, 'name'>[]): Promise<string[]> {
    return this.groupReader.dead(groups);
  }

  positions(groups: port.GroupInfo[]): Promise<port.GroupPositions> {
    return this.groupReader.positions(groups);
  }

  movePositions(group: { name: string }, to: port.FetchPosition[]): Promise<port.MoveAnswer[]> {
    return movePositions(this.pool, group.name, to);
  }

  async fetch(from: port.FetchPosition[], options: port.FetchOptions): Promise<port.FetchAnswer[]> {
    const deadline = performance.now() + options.waitMs;
    const topics = [...new Set(from.map((position) => position.topic))];
    for (;;) {
      // The wait begins before the log is read, so that no record appended in between is missed.
      const ended = new AbortController();
      const keys = topics.map((topic) => `topic ${topic}` as const);
      const appended = options.waitMs > 0 ? this.signals.wait(keys, options.waitMs, ended.signal) : null;
      const rows = await this.partitions(topics);
      const answers = await this.readAll(from, rows, options);
      const settled = answers.some((answer) => answer.records.length > 0 || answer.gap || answer.problem);
      const left = deadline - performance.now();
      if (settled || left <= 0) {
        ended.abort();
        return answers;
      }
      const pollMs = this.signals.isListening ? left : Math.min(left, POLL_EVERY_MS);
      const timer = setTimeout(() => ended.abort(), pollMs);
      await appended;
      clearTimeout(timer);
    }
  }

  /** The embedded broker takes what the store takes. */
  whyTooLarge(): Promise<null> {
    return Promise.resolve(null);
  }

  async publish(records: port.OutgoingRecord[]): Promise<port.SendAnswer[]> {
    const numbered = records.map((record, index) => ({ record, index }));
    const answers = new Array<port.SendAnswer>(records.length);
    for (const batch of groupBy(numbered, ({ record }) => `${record.topic}/${record.partition}`).values()) {
      const first = batch[0]?.record;
      if (!first) continue;
      const list = batch.map((item) => item.record);
      const answer = await append(this.pool, first.topic, first.partition, list, this.requestTimeoutMs);
      if (answer.outcome !== 'refused') this.signals.raise([`topic ${first.topic}`]);
      batch.forEach((item, place) => {
        answers[item.index] =
          answer.outcome === 'acknowledged' ? { ...answer, offset: answer.offset + BigInt(place) } : answer;
      });
    }
    return answers;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Reads as many partitions that have records as may be answered at once; the others are answered without. */
  private readAll(
    from: port.FetchPosition[],
    rows: PartitionRow[],
    { maxBytes, maxTotalBytes = Infinity }: port.FetchOptions,
  ): Promise<port.FetchAnswer[]> {
    const byPlace = new Map(rows.map((row) => [`${row.name}/${row.partition}`, row]));
    let left = Math.max(1, Math.floor(maxTotalBytes / maxBytes));
    return Promise.all(
      from.map((position) => {
        const row = byPlace.get(`${position.topic}/${position.partition}`);
        const isRead = row !== undefined && position.offset < BigInt(row.next_offset) && left > 0;
        if (isRead) left -= 1;
        return this.read(position, row, isRead ? maxBytes : null);
      }),
    );
  }

  /** @param maxBytes null where its records are not read */
  private async read(
    position: port.FetchPosition,
    row: PartitionRow | undefined,
    maxBytes: number | null,
  ): Promise<port.FetchAnswer> {
    const { topic, partition, offset } = position;
    const nothing = {
      topic,
      partition,
      records: [],
      next: offset,
      start: 0n,
      end: 0n,
      gap: null,
      problem: null,
    };
    if (!row) return { ...nothing, problem: 'unknown_topic' };
    const start = BigInt(row.start_offset);
    const end = BigInt(row.next_offset);
    if (offset > end) return { ...nothing, start, end, problem: 'beyond_end' };
    if (maxBytes === null) return { ...nothing, start, end };
    const gap = offset < start ? { from: offset, to: start } : null;
    const begin = gap ? start : offset;
    const records =
      begin < end ? await readRecords(this.pool, row.topic_id, topic, partition, begin, maxBytes) : [];
    const last = records.at(-1);
    return {
      topic,
      partition,
      records,
      next: last ? last.offset + 1n : begin,
      start,
      end,
      gap,
      problem: null,
    };
  }

  private async partitions(topics: string[]): Promise<PartitionRow[]> {
    const { rows } = await this.ask<PartitionRow>(
      'partitions',
      `SELECT p.topic_id, t.name, p.partition, p.start_offset, p.next_offset
       FROM embedded_topic t JOIN embedded_partition p ON p.topic_id = t.id
       WHERE t.name = ANY($1) ORDER BY t.name, p.partition`,
      [topics],
    );
    return rows;
  }

  private async ask<R extends object>(
    name: string,
    text: string,
    values: unknown[] = [],
  ): Promise<{ rows: R[] }> {
    try {
      return await this.pool.query<R>({ name: `embedded-${name}`, text, values });
    } catch (error) {
      if (
        error instanceof Error &&
        'severity' in error &&
        !('code' in error && String(error.code).startsWith('57'))
      )
        throw error;
      const { host, port } = this.pool.options;
      const address = this.pool.options.connectionString?.replace(/^.*@|\/[^/]*$/g, '') ?? `${host}:${port}`;
      throw new CourierError(
        'broker_unreachable',
        `The embedded broker's PostgreSQL at ${address} does not answer: ${sentenceOf(error)}`,
        { address },
        { cause: error },
      );
    }
  }
}
