import { setTimeout as sleep } from 'node:timers/promises';
import {
  Kafka,
  logLevel,
  type Admin,
  type Consumer,
  type ConsumerRunConfig,
  type IHeaders,
  type KafkaConfig,
  type Producer,
} from 'kafkajs';
import { MAX_BATCH_BYTES } from '../kafka-client/codecs';
import { installCodecs, isFiller } from './kafka-codecs';
import { renewSessionsBetweenRequests } from './kafka-sessions';
import {
  decodeDone,
  errorOf,
  type Consumption,
  type ConsumeOptions,
  type HeaderList,
  type OutgoingRecord,
  type ReceivedRecord,
  type SendResult,
  type Transport,
} from './transport';

/** Errors by which a broker refuses a record permanently. */
const REFUSED = new Set([
  'MESSAGE_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'RECORD_LIST_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'INVALID_RECORD',
]);

/** Tries within about five seconds, while the group still keeps the member's partitions. */
const CONSUMER_RETRIES = 4;
const FIRST_WAIT_MS = 300;
const MAX_WAIT_MS = 10_000;

/** Reaches Kafka with kafkajs: one send is one request, and a send without an answer for its partition is a failure. */
export class KafkaTransport implements Transport {
  /** For consumers and administration, which may wait for a broker. */
  private readonly kafka: Kafka;
  /** For sends: by default kafkajs tries to connect for ten seconds before it fails. */
  private readonly sending: Kafka;
  private readonly producers = new Map<string, Promise<Producer>>();
  private admin: Promise<Admin> | undefined;

  /** @param maxBatchBytes that a batch of records may unpack to */
  constructor(config: KafkaConfig, maxBatchBytes = MAX_BATCH_BYTES) {
    installCodecs(maxBatchBytes);
    renewSessionsBetweenRequests();
    process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
    const settings: KafkaConfig = {
      logLevel: logLevel.NOTHING,
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      ...config,
    };
    this.kafka = new Kafka(settings);
    this.sending = new Kafka({ ...settings, retry: { retries: 0 } });
  }

  async createTopics(topics: { name: string; partitions: number }[]): Promise<void> {
    const admin = await this.connectedAdmin();
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: -1,
      })),
    });
  }

  async partitionsOf(topics: string[]): Promise<Map<string, number>> {
    const admin = await this.connectedAdmin();
    const existing = new Set(await admin.listTopics());
    const found = topics.filter((topic) => existing.has(topic));
    if (found.length === 0) return new Map();
    const metadata = await admin.fetchTopicMetadata({ topics: found });
    return new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  }

  send(record: OutgoingRecord): Promise<SendResult> {
    return this.sendBy('messages', record);
  }

  sendFacts(record: OutgoingRecord): Promise<SendResult> {
    return this.sendBy('facts', record);
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    const consumer = this.kafka.consumer({
      groupId: options.group,
      allowAutoTopicCreation: false,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 500,
      // Once they are used up the consumer crashes and starts again, which is an event; endless tries would be silent.
      retry: { retries: CONSUMER_RETRIES, initialRetryTime: 300, maxRetryTime: 5_000 },
    });
    const running = new KafkaConsumption(consumer, options, await this.connectedAdmin());
    await running.start();
    return running;
  }

  async close(): Promise<void> {
    const open = [...this.producers.values(), this.admin].filter((item) => item !== undefined);
    this.producers.clear();
    this.admin = undefined;
    await Promise.allSettled(open.map(async (item) => (await item).disconnect()));
  }

  private async sendBy(name: string, record: OutgoingRecord): Promise<SendResult> {
    let producer: Producer;
    try {
      producer = await this.producer(name);
    } catch (thrown) {
      // Nothing is sent before the producer is connected.
      return { outcome: 'not_written', error: errorOf(thrown) };
    }
    try {
      const headers: Record<string, string | Buffer | (string | Buffer)[]> = Object.create(null) as Record<
        string,
        never
      >;
      for (const [header, value] of record.headers) {
        // kafkajs can read a null header value but not write one.
        const bytes = value ?? Buffer.alloc(0);
        const before = headers[header];
        headers[header] =
          before === undefined ? bytes : Array.isArray(before) ? [...before, bytes] : [before, bytes];
      }
      const answers = await producer.send({
        topic: record.topic,
        acks: -1,
        messages: [{ key: record.key, value: record.value, headers }],
      });
      const [answer] = answers;
      if (answer?.errorCode !== 0 || answer.baseOffset === undefined || BigInt(answer.baseOffset) < 0n) {
        return {
          outcome: 'unknown',
          error: new Error('the broker answered without saying where the record stands'),
        };
      }
      return { outcome: 'committed', partition: answer.partition, offset: answer.baseOffset };
    } catch (thrown) {
      const error = errorOf(thrown);
      const type = 'type' in error ? String(error.type) : '';
      return { outcome: REFUSED.has(type) ? 'refused' : 'unknown', error };
    }
  }

  private producer(name: string): Promise<Producer> {
    const known = this.producers.get(name);
    if (known) return known;
    const made = (async () => {
      const producer = this.sending.producer({
        idempotent: false,
        allowAutoTopicCreation: false,
        retry: { retries: 0 },
      });
      await producer.connect();
      return producer;
    })();
    this.producers.set(name, made);
    made.catch(() => this.producers.delete(name));
    return made;
  }

  private connectedAdmin(): Promise<Admin> {
    if (!this.admin) {
      const admin = this.kafka.admin();
      this.admin = admin.connect().then(() => admin);
      this.admin.catch(() => (this.admin = undefined));
    }
    return this.admin;
  }
}

class KafkaConsumption implements Consumption {
  member = '';
  private isStopped = false;
  /** Grows from crash to crash, until the group is joined. */
  private wait = FIRST_WAIT_MS;
  /** How often the group was joined: what belongs to an earlier time is stale. */
  private joins = 0;
  private assigned = new Set<string>();
  /** Read anew at each rebalance; batches wait for it. */
  private done: Promise<Map<string, Set<string>>> = Promise.resolve(new Map<string, Set<string>>());

  constructor(
    private readonly consumer: Consumer,
    private readonly options: ConsumeOptions,
    private readonly admin: Admin,
  ) {}

  async start(): Promise<void> {
    this.consumer.on('consumer.group_join', ({ payload }) =>
      this.onJoined(payload.memberId, payload.memberAssignment),
    );
    this.consumer.on('consumer.crash', ({ payload }) => {
      if (this.isStopped) return;
      this.options.onFailed(payload.error);
      if (!payload.restart) void this.startAgain();
    });
    await this.consumer.connect();
    // A new group commits its start position when it joins. This option applies once the log has lost the record at the
    // position: the consumer then continues at the oldest record that is left, never at the end.
    await this.consumer.subscribe({ topics: this.options.topics, fromBeginning: true });
    await this.consumer.run(this.runConfig);
  }

  pause(topic: string, partition: number): void {
    this.consumer.pause([{ topic, partitions: [partition] }]);
  }

  resume(topic: string, partition: number): void {
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  async commit(topic: string, partition: number, offset: string, metadata: string): Promise<void> {
    await this.consumer.commitOffsets([{ topic, partition, offset, metadata }]);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.consumer.disconnect();
  }

  private readonly runConfig: ConsumerRunConfig = {
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async (payload) => {
      const { batch } = payload;
      const { joins } = this;
      const done = (await this.done).get(`${batch.topic}/${batch.partition}`) ?? new Set<string>();
      if (joins !== this.joins || payload.isStale() || !payload.isRunning()) return;
      const records = batch.messages
        .map((message): ReceivedRecord => ({
          topic: batch.topic,
          partition: batch.partition,
          offset: message.offset,
          timestamp: Number(message.timestamp),
          key: message.key,
          value: message.value,
          headers: listOf(message.headers),
        }))
        .filter((record) => !isFiller(record));
      this.options.onRecords(batch.topic, batch.partition, records, done);
      const last = batch.messages.at(-1);
      if (last) payload.resolveOffset(last.offset);
    },
  };

  /** Restarts a consumer that kafkajs stopped permanently, because a missing right may be granted later. */
  private async startAgain(): Promise<void> {
    for (let isRunning = false; !isRunning && !this.isStopped;) {
      await sleep(this.wait);
      this.wait = Math.min(this.wait * 2, MAX_WAIT_MS);
      if (this.isStopped) return;
      try {
        await this.consumer.connect();
        // A crash of this one is an event again.
        await this.consumer.run(this.runConfig);
        isRunning = true;
      } catch (thrown) {
        this.options.onFailed(thrown);
      }
    }
    // A call of `stop` during the restart had no running consumer to stop.
    if (this.isStopped) await this.consumer.disconnect().catch(() => undefined);
  }

  private onJoined(member: string, assignment: Record<string, number[]>): void {
    this.member = member;
    this.wait = FIRST_WAIT_MS;
    this.joins += 1;
    const now = new Set(
      Object.entries(assignment).flatMap(([topic, list]) => list.map((item) => `${topic}/${item}`)),
    );
    for (const place of this.assigned) {
      // Positions start again from the commit, so what was queued before is read once more.
      const at = place.lastIndexOf('/');
      const [topic, partition] = [place.slice(0, at), Number(place.slice(at + 1))];
      this.options.onRevoked(topic, partition);
      this.resume(topic, partition);
    }
    this.assigned = now;
    this.done = this.readDoneAtLast(assignment, this.joins);
  }

  /** Tries until it is known what is done: without that, a group that is new would be given the whole log. */
  private async readDoneAtLast(
    assignment: Record<string, number[]>,
    joins: number,
  ): Promise<Map<string, Set<string>>> {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, MAX_WAIT_MS)) {
      try {
        const done = await this.readDone(assignment);
        this.options.onReads();
        return done;
      } catch (thrown) {
        // A topic that was just created may not be known to each broker yet, so the first failure is no problem.
        if (wait > FIRST_WAIT_MS && !this.isStopped && joins === this.joins) this.options.onFailed(thrown);
        await sleep(wait);
      }
      // What waits for this is stale by now.
      if (this.isStopped || joins !== this.joins) return new Map();
    }
  }

  /** What earlier commits name as done; partitions without a position get theirs now. */
  private async readDone(assignment: Record<string, number[]>): Promise<Map<string, Set<string>>> {
    const topics = Object.keys(assignment);
    if (topics.length === 0) return new Map();
    const offsets = await this.admin.fetchOffsets({ groupId: this.options.group, topics });
    const done = new Map<string, Set<string>>();
    for (const { topic, partitions } of offsets) {
      const unread = partitions.filter(
        (item) => item.offset === '-1' && assignment[topic]?.includes(item.partition),
      );
      await this.fixPositions(
        topic,
        unread.map((item) => item.partition),
      );
      for (const item of partitions) done.set(`${topic}/${item.partition}`, decodeDone(item.metadata));
    }
    return done;
  }

  /**
   * Commits the start position of a group before it has read anything. Otherwise the next member that starts at the end
   * would pass over records that arrive before the first commit, and the lag of the group would be unknown.
   */
  private async fixPositions(topic: string, partitions: number[]): Promise<void> {
    if (partitions.length === 0) return;
    const ends = await this.admin.fetchTopicOffsets(topic);
    for (const end of ends.filter((end) => partitions.includes(end.partition))) {
      const offset = this.options.fromBeginning ? end.low : end.high;
      await this.consumer.commitOffsets([{ topic, partition: end.partition, offset, metadata: '' }]);
      this.consumer.seek({ topic, partition: end.partition, offset });
    }
  }
}

function listOf(headers: IHeaders | undefined): HeaderList {
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item): [string, Buffer | null] => [
      name,
      item === undefined || item === null ? null : Buffer.isBuffer(item) ? item : Buffer.from(item),
    ]),
  );
}
