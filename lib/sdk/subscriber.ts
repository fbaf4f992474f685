import type { ConsumerName, FactError, Position } from '../protocol/fact';
import { DEAD_LETTER_HEADER as DLQ, HEADER } from '../protocol/headers';
import { retryGroupOf, retryTopicOf } from '../protocol/topics';
import { ensureOwnTopics } from './own-topics';
import { waitAfter, type RetryPolicy } from './backoff';
import { deadLetterOf, type Failure } from './dead-letter';
import { factErrorOf, type FactReporter, type FactDraft } from './facts';
import type { Identity } from './identity';
import { identify, messageOf, optional, type Message, type RecordIdentity } from './message';
import { reasonOfStandIn } from './kafka-codecs';
import { PartitionQueue } from './partition-queue';
import { skipFailure, SkippedByOperator, type Skips } from './skips';
import { Slots } from './slots';
import type { Problems } from './problems';
import {
  encodeDone,
  isRebalance,
  isTemporary,
  type Consumption,
  type ReceivedRecord,
  type Transport,
} from './transport';
import { takesType } from '../protocol/subscription';
import { newUuidV7 } from '../protocol/uuid';

export interface SubscribeInput<Payload> {
  group: string;
  topics: string[];
  /** Called for each message; whatever it throws is a failed attempt. */
  handle: (message: Message<Payload>) => Promise<void> | void;
  /** Types that the handler takes; others are passed over. Absent: all. */
  types?: string[];
  retry: RetryPolicy;
  /** Handlers that run at the same time, over all partitions; what waits for its next try does not count. */
  concurrency: number;
  /** Where a group without a position begins. */
  fromBeginning: boolean;
  /** Makes the payload of the bytes; what it throws is a message that could not be handed over. */
  decode: (value: Buffer | null) => unknown;
}

/** A handler is reported as started once it has run for this long. */
const STARTED_AFTER_MS = 1_000;
const COMMIT_EVERY_MS = 500;
const DEAD_LETTER_AGAIN_MS = 1_000;
const FIRST_JOIN_BACKOFF_MS = 500;
const MAX_JOIN_BACKOFF_MS = 5_000;

/** One subscription: reads a group's topics and its retry topic, hands messages over, tries again, gives up, reports. */
export class Subscriber<Payload> {
  private readonly queues = new Map<string, PartitionQueue>();
  private readonly committed = new Map<string, string>();
  private consumers: { consumption: Consumption; prefix: ConsumerName }[] = [];
  private readonly slots: Slots;
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  retryReady = false;
  retryProblem: string | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly facts: FactReporter,
    private readonly identity: Identity,
    readonly input: SubscribeInput<Payload>,
    readonly problems: Problems,
    readonly skips: Skips,
  ) {
    this.slots = new Slots(input.concurrency);
  }

  get member(): string {
    return this.consumers[0]?.consumption.member ?? '';
  }

  /**
   * Joins the group; resolves once its topics are being read. While the broker or the intake is away it resolves at once
   * and joins as soon as they answer.
   */
  async start(): Promise<void> {
    try {
      await this.join();
    } catch (error) {
      if (!isTemporary(error)) {
        // One that reads without committing would do everything again after the caller's next try.
        await this.stop(0);
        throw error;
      }
      this.joining = this.joinWhenReachable();
    }
    this.timer = setInterval(() => void this.commit(), COMMIT_EVERY_MS);
  }

  private joining: Promise<void> = Promise.resolve();

  private async join(): Promise<void> {
    const { group, topics, fromBeginning } = this.input;
    await this.ensureOwnTopics();
    const has = (prefix: ConsumerName) => this.consumers.some((consumer) => consumer.prefix === prefix);
    if (!has('main')) await this.consume('main', group, topics, fromBeginning);
    if (this.retryReady && !has('retry'))
      await this.consume('retry', retryGroupOf(group), [retryTopicOf(group)], true);
  }

  private async joinWhenReachable(): Promise<void> {
    let backoffMs = FIRST_JOIN_BACKOFF_MS;
    while (!this.stopping) {
      await this.pause(backoffMs, () => false);
      backoffMs = Math.min(backoffMs * 2, MAX_JOIN_BACKOFF_MS);
      if (this.stopping) return;
      try {
        await this.join();
        return;
      } catch (error) {
        // A missing right may be granted later.
        this.problems.met('main', 'read', error);
      }
    }
  }

  /** Stops reading, lets running handlers end, commits. Waiting tries are left to the next start. */
  async stop(graceMs = 10_000): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.joining;
    const deadline = Date.now() + graceMs;
    while (this.slots.taken > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await this.commit();
    await Promise.allSettled(this.consumers.map(({ consumption }) => consumption.stop()));
  }

  private async ensureOwnTopics(): Promise<void> {
    const { group, topics } = this.input;
    try {
      await ensureOwnTopics(this.transport, group, topics);
      this.retryReady = true;
      this.retryProblem = undefined;
    } catch (error) {
      if (isTemporary(error)) throw error;
      // The service runs without a retry topic; its heartbeat reports that, and the retry dialog lists the other readers.
      this.retryProblem = error instanceof Error ? error.message : String(error);
      this.problems.met('retry', 'read', error);
    }
  }

  private async consume(
    prefix: ConsumerName,
    group: string,
    topics: string[],
    fromBeginning: boolean,
  ): Promise<void> {
    const consumption = await this.transport.consume({
      group,
      topics,
      fromBeginning,
      onFailed: (thrown) => this.problems.met(prefix, 'read', thrown),
      onReads: () => this.problems.solved(prefix, 'read'),
      onRecords: (topic, partition, records, done) =>
        this.queueOf(prefix, topic, partition).add(records, done),
      onRevoked: (topic, partition) => {
        const place = `${prefix} ${topic} ${partition}`;
        this.queues.get(place)?.revoke();
        this.queues.delete(place);
        this.committed.delete(place);
      },
    });
    this.consumers.push({ consumption, prefix });
  }

  private queueOf(prefix: ConsumerName, topic: string, partition: number): PartitionQueue {
    const place = `${prefix} ${topic} ${partition}`;
    const known = this.queues.get(place);
    if (known) return known;
    const queue = new PartitionQueue(
      (record, isRevoked) => this.work(prefix, record, isRevoked),
      (full) => {
        const consumer = this.consumers.find((consumer) => consumer.prefix === prefix)?.consumption;
        if (full) consumer?.pause(topic, partition);
        else consumer?.resume(topic, partition);
      },
    );
    this.queues.set(place, queue);
    return queue;
  }

  private async commit(): Promise<void> {
    for (const [place, queue] of this.queues) {
      const position = queue.position();
      if (!position) continue;
      const [prefix = '', topic = '', partition = ''] = place.split(' ');
      const metadata = encodeDone(position.beyond);
      const text = `${position.offset} ${metadata}`;
      if (this.committed.get(place) === text) continue;
      const consumer = this.consumers.find((consumer) => consumer.prefix === prefix);
      try {
        await consumer?.consumption.commit(topic, Number(partition), position.offset.toString(), metadata);
        this.committed.set(place, text);
        if (consumer) this.problems.solved(consumer.prefix, 'commit');
      } catch (error) {
        // The next round commits, or the next owner of the partition reads again.
        if (consumer && !isTemporary(error) && !isRebalance(error))
          this.problems.met(consumer.prefix, 'commit', error);
      }
    }
  }

  /** Works one record to its end. @returns false when it was left unfinished, so that it is read again */
  private async work(
    consumer: ConsumerName,
    record: ReceivedRecord,
    isRevoked: () => boolean,
  ): Promise<boolean> {
    const identity = identify(record);
    const passedOver = reasonOfStandIn(record);
    if (passedOver !== null) return this.passOver(consumer, record, identity, passedOver);
    if (!takesType(this.input.types, identity.description.type)) return true;
    const target = identity.headers.get(HEADER.targetGroup);
    if (identity.retryId !== undefined && target !== undefined && target !== this.input.group) return true;
    const skip = this.skips.watch(record);
    const end = await this.workOrSkip(consumer, record, identity, isRevoked, skip.asked).finally(skip.stop);
    if (typeof end === 'boolean') return end;
    const common = this.common(record, identity, end.attempt, new Date());
    const failure = skipFailure(end.skipped, common, end.attempt);
    const isGivenUp = await this.giveUp(consumer, record, identity, failure);
    if (isGivenUp) this.skips.report(end.skipped.command.id);
    return isGivenUp;
  }

  /** The attempts of a record, until it is handled, given up or skipped; a handler that hangs does not hold that up. */
  private async workOrSkip(
    consumer: ConsumerName,
    record: ReceivedRecord,
    identity: RecordIdentity,
    isRevoked: () => boolean,
    asked: Promise<SkippedByOperator>,
  ): Promise<boolean | { skipped: SkippedByOperator; attempt: number }> {
    for (let attempt = 1; ; attempt += 1) {
      const slot = this.slots.acquire(`${record.topic}/${record.partition}`);
      const first = await Promise.race([slot, asked]);
      if (first) {
        void slot.then(() => this.slots.release());
        return { skipped: first, attempt };
      }
      if (this.stopping || isRevoked()) {
        this.slots.release();
        return false;
      }
      const outcome = await Promise.race([this.attempt(record, identity, attempt), asked]).finally(() =>
        this.slots.release(),
      );
      if (outcome instanceof SkippedByOperator) return { skipped: outcome, attempt };
      if (outcome === 'handled') return true;
      const last =
        attempt >= this.input.retry.attempts ||
        outcome.kind === 'push_failed' ||
        !this.maySucceed(outcome.thrown);
      if (last) return this.giveUp(consumer, record, identity, outcome);
      const waitMs = waitAfter(this.input.retry, attempt);
      this.facts.report({ ...outcome.fact, nextTryAt: new Date(Date.now() + waitMs).toISOString() });
      const pausing = new AbortController();
      const during = await Promise.race([
        this.pause(waitMs, () => isRevoked() || pausing.signal.aborted),
        asked,
      ]);
      pausing.abort();
      if (during) return { skipped: during, attempt };
    }
  }

  /** Reports a record of a batch that was not unpacked. It can neither be handled nor be sent to a dead-letter topic. */
  private passOver(
    consumer: ConsumerName,
    record: ReceivedRecord,
    identity: RecordIdentity,
    error: FactError,
  ): boolean {
    this.problems.passedOver(consumer, `${record.topic}/${record.partition}/${record.offset}`, error);
    const fact: FactDraft = {
      ...this.common(record, identity, 1, new Date()),
      kind: 'push_failed',
      error,
      gaveUp: { to: null },
    };
    // Its headers are unknown, so Courier resolves its message by the position.
    delete fact.recordTime;
    this.facts.report(fact);
    return true;
  }

  /** Applies the author's own filter of errors; a filter that throws means no further attempt. */
  private maySucceed(thrown: unknown): boolean {
    try {
      return this.input.retry.when(thrown);
    } catch {
      return false;
    }
  }

  private async attempt(
    record: ReceivedRecord,
    identity: RecordIdentity,
    attempt: number,
  ): Promise<'handled' | Failure> {
    const startedAt = new Date();
    const began = performance.now();
    const common = this.common(record, identity, attempt, startedAt);
    const timer = setTimeout(() => this.facts.report({ ...common, kind: 'started' }), STARTED_AFTER_MS);
    let kind: Failure['kind'] = 'push_failed';
    try {
      const payload = this.input.decode(record.value) as Payload;
      kind = 'handle_failed';
      let skipped: string | undefined;
      const skip = (reason: string) => {
        skipped = reason;
      };
      await this.input.handle({ ...messageOf(record, identity, attempt, payload), skip });
      const durationMs = Math.round(performance.now() - began);
      this.facts.report({
        ...common,
        durationMs,
        ...(skipped === undefined
          ? { kind: 'handled' as const }
          : { kind: 'skipped' as const, reason: skipped }),
      });
      return 'handled';
    } catch (thrown) {
      const error = factErrorOf(thrown);
      const durationMs = Math.round(performance.now() - began);
      const fact: FactDraft = {
        ...common,
        kind,
        durationMs,
        error,
        factId: newUuidV7(),
        at: new Date().toISOString(),
      };
      return { kind, thrown, error, fact, attempt };
    } finally {
      clearTimeout(timer);
    }
  }

  private common(record: ReceivedRecord, identity: RecordIdentity, attempt: number, startedAt: Date) {
    const position: Position = { topic: record.topic, partition: record.partition, offset: record.offset };
    return {
      ...optional('messageId', identity.id),
      ...(identity.id === undefined ? { recordTime: record.timestamp } : {}),
      message: identity.description,
      position,
      group: this.input.group,
      attempt,
      startedAt: startedAt.toISOString(),
      member: this.member,
      ...(identity.generation > 0 ? { generation: identity.generation } : {}),
      ...optional('retryId', identity.retryId),
    };
  }

  /** Puts the record on the group's dead-letter topic, as often as it takes: a message is never dropped. */
  private async giveUp(
    consumer: ConsumerName,
    record: ReceivedRecord,
    identity: RecordIdentity,
    failure: Failure,
  ): Promise<boolean> {
    let dead = deadLetterOf(record, identity, failure, {
      ...this.identity,
      group: this.input.group,
      member: this.member,
    });
    for (;;) {
      const result = await this.transport.send(dead);
      if (result.outcome === 'committed') {
        this.problems.solved(consumer, 'dead_letter');
        const to: Position = { topic: dead.topic, partition: result.partition, offset: result.offset };
        this.facts.report({ ...failure.fact, gaveUp: { to } });
        return true;
      }
      if (result.outcome === 'refused' && dead.headers.some(([name]) => name === DLQ.errorStack)) {
        // What was about as large as the broker takes is too large with a stack beside it.
        dead = { ...dead, headers: dead.headers.filter(([name]) => name !== DLQ.errorStack) };
        continue;
      }
      this.problems.met(consumer, 'dead_letter', result.error);
      if (result.outcome === 'refused' || this.stopping) {
        // A permanent refusal: the position advances, and the fact reports that the record was not stored.
        if (result.outcome === 'refused') this.facts.report({ ...failure.fact, gaveUp: { to: null } });
        return result.outcome === 'refused';
      }
      await this.pause(DEAD_LETTER_AGAIN_MS, () => false);
    }
  }

  private async pause(milliseconds: number, isRevoked: () => boolean): Promise<void> {
    const until = Date.now() + milliseconds;
    while (Date.now() < until && !this.stopping && !isRevoked()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(200, until - Date.now())));
    }
  }
}
