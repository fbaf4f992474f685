import type { Consumer, EachBatchPayload, Kafka, Producer, Transaction } from 'kafkajs';
import type { JavaAdmin } from './admin';

const SECOND_MS = 1_000;
const TICK_MS = 250;

/** How one client of a group reads. */
export interface Reading {
  /** Records a second over all partitions. */
  perSecond: number;
  /** Seconds between commits; null: it never commits. */
  commitEvery: number | null;
  /** Commits as one without membership: positions are set by hand, as Flink does. */
  isManual?: boolean;
  /** Reads all partitions side by side; else one after the other, as they were fetched. */
  isParallel?: boolean;
}

/** One consumer group on a topic of its own, and what it does. It has the truth in its own memory. */
export class Driver {
  /** When each record of a partition was sent, in milliseconds since 1970. */
  readonly sent: number[][];
  /** Positions in the memory of the client. */
  readonly positions: number[];
  readonly paused = new Set<number>();
  isReading = false;
  /** Records up to here are held back by an open transaction. */
  heldFrom: number | null = null;
  private consumer: Consumer | null = null;
  private transaction: Transaction | null = null;
  private transactional: Producer | null = null;
  private timers: NodeJS.Timeout[] = [];
  private credit = 0;

  constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly admin: JavaAdmin,
    readonly name: string,
    readonly partitions: number,
    private reading: Reading,
  ) {
    this.sent = Array.from({ length: partitions }, () => []);
    this.positions = new Array<number>(partitions).fill(0);
  }

  /** Sends records to a partition. */
  async send(partition: number, count: number): Promise<void> {
    if (count === 0) return;
    const messages = Array.from({ length: count }, () => ({ partition, value: 'x' }));
    await this.producer.send({ topic: this.name, messages });
    const now = Date.now();
    for (let left = count; left > 0; left -= 1) this.sent[partition]?.push(now);
  }

  /** Opens a transaction on partition 0 and leaves it open; what is sent behind it can not be read. */
  async openTransaction(): Promise<void> {
    this.transactional = this.kafka.producer({
      transactionalId: `${this.name}-transaction`,
      maxInFlightRequests: 1,
      idempotent: true,
      transactionTimeout: 800_000,
    });
    await this.transactional.connect();
    this.transaction = await this.transactional.transaction();
    await this.transaction.send({ topic: this.name, messages: [{ partition: 0, value: 'x' }] });
    this.heldFrom = this.sent[0]?.length ?? 0;
    this.sent[0]?.push(Date.now());
  }

  async endTransaction(): Promise<void> {
    await this.transaction?.commit();
    // The control record takes an offset.
    this.sent[0]?.push(Date.now());
    this.heldFrom = null;
    await this.transactional?.disconnect();
  }

  unread(partition: number): number {
    return (this.sent[partition]?.length ?? 0) - (this.positions[partition] ?? 0);
  }

  total(): number {
    return this.positions.reduce((sum, _, partition) => sum + this.unread(partition), 0);
  }

  /** Age of the oldest record that the client has not read, in seconds. */
  delay(): number {
    const ages = this.sent.map((times, partition) => {
      const time = times[this.positions[partition] ?? 0];
      return time === undefined ? 0 : (Date.now() - time) / SECOND_MS;
    });
    return Math.max(0, ...ages);
  }

  /** Starts reading, from the committed positions. */
  async start(reading: Partial<Reading> = {}): Promise<void> {
    this.reading = { ...this.reading, ...reading };
    this.isReading = true;
    this.every(TICK_MS, () => {
      const { perSecond } = this.reading;
      this.credit = Math.min(this.credit + (perSecond * TICK_MS) / SECOND_MS, perSecond);
      if (this.reading.isManual) this.readByHand();
    });
    const { commitEvery } = this.reading;
    if (commitEvery !== null) this.every(commitEvery * SECOND_MS, () => void this.commit());
    if (this.reading.isManual) return;
    this.consumer = this.kafka.consumer({
      groupId: this.name,
      sessionTimeout: 10_000,
      heartbeatInterval: 2_000,
      maxWaitTimeInMs: 1_000,
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: this.name, fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.reading.isParallel === false ? 1 : this.partitions,
      eachBatch: (payload) => this.read(payload),
    });
  }

  private async read(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    for (const { offset } of batch.messages) {
      while (payload.isRunning() && !payload.isStale() && (this.paused.has(partition) || this.credit < 1)) {
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
        await payload.heartbeat();
      }
      if (!payload.isRunning() || payload.isStale()) return;
      this.credit -= 1;
      payload.resolveOffset(offset);
      this.positions[partition] = Number(offset) + 1;
    }
    // Control records are passed without a call.
    const last = Number(batch.lastOffset());
    if (this.heldFrom === null)
      this.positions[partition] = Math.max(this.positions[partition] ?? 0, last + 1);
  }

  private readByHand(): void {
    for (let partition = 0; partition < this.partitions; partition += 1)
      while (this.credit >= 1 && !this.paused.has(partition) && this.unread(partition) > 0) {
        this.credit -= 1;
        this.positions[partition] = (this.positions[partition] ?? 0) + 1;
      }
  }

  /** Commits what was read. */
  async commit(): Promise<void> {
    const offsets = this.positions.flatMap((offset, partition) =>
      offset > 0 ? [{ topic: this.name, partition, offset: String(offset) }] : [],
    );
    if (this.reading.isManual)
      for (const { partition, offset } of offsets)
        this.admin.commit(this.name, this.name, partition, Number(offset));
    // Between two generations a commit is refused; the next one follows.
    else await this.consumer?.commitOffsets(offsets).catch(() => undefined);
  }

  /** Sets the position back while the client is there. */
  async seekBack(partition: number, by: number): Promise<void> {
    const offset = Math.max(0, (this.positions[partition] ?? 0) - by);
    this.consumer?.seek({ topic: this.name, partition, offset: String(offset) });
    this.positions[partition] = offset;
    await this.commit();
  }

  /** Commits and leaves. */
  async leave(): Promise<void> {
    await this.commit();
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    this.isReading = false;
    await this.consumer?.disconnect();
    this.consumer = null;
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.transactional?.disconnect();
    await this.consumer?.disconnect();
  }

  private every(ms: number, run: () => void): void {
    this.timers.push(setInterval(run, ms));
  }
}
