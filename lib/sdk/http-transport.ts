import { hostname } from 'node:os';
import type * as wire from '../protocol/broker-http';
import { IntakeError, post, type IntakeOptions } from './http';
import {
  decodeDone,
  errorOf,
  type Consumption,
  type ConsumeOptions,
  type OutgoingRecord,
  type ReceivedRecord,
  type SendResult,
  type Transport,
} from './transport';
import { newUuidV7 } from '../protocol/uuid';

/** Maximum wait of a poll for an intake that does not report its own. */
const SHORT_POLL_MS = 1_000;
/** A poll's answer may be this much later than its wait. */
const POLL_GRACE_MS = 10_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 5_000;

/** Reaches the embedded broker through the intake, so that no service holds Courier's database password. */
export class HttpTransport implements Transport {
  constructor(
    private readonly intake: IntakeOptions,
    private readonly clientId: string,
  ) {}

  async createTopics(topics: { name: string; partitions: number }[]): Promise<void> {
    await post(this.intake, '/v1/broker/topics', { topics } satisfies wire.TopicsRequest);
  }

  async partitionsOf(topics: string[]): Promise<Map<string, number>> {
    const answer = await post<{ topics: { name: string; partitions: number }[] }>(
      this.intake,
      '/v1/broker/topics',
      { topics: [] },
    );
    const found = answer.topics.filter((topic) => topics.includes(topic.name));
    return new Map(found.map((topic) => [topic.name, topic.partitions]));
  }

  async send(record: OutgoingRecord): Promise<SendResult> {
    const request: wire.PublishRequest = { records: [toWire(record)] };
    try {
      const { answers } = await post<wire.PublishAnswer>(this.intake, '/v1/broker/publish', request);
      const [answer] = answers;
      const refusedFacts = answer?.refusedFacts ? { refusedFacts: answer.refusedFacts } : {};
      if (answer?.outcome === 'acknowledged')
        return { outcome: 'committed', partition: answer.partition, offset: answer.offset, ...refusedFacts };
      return {
        outcome: answer?.outcome ?? 'unknown',
        error: new Error(answer?.reason ?? 'an answer without the record'),
        ...refusedFacts,
      };
    } catch (error) {
      return failureOf(error);
    }
  }

  sendFacts(record: OutgoingRecord): Promise<SendResult> {
    return this.send(record);
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    const running = new HttpConsumption(this.intake, this.clientId, options);
    await running.start();
    return running;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class HttpConsumption implements Consumption {
  readonly member = newUuidV7();
  private generation = 0;
  private readonly positions = new Map<
    string,
    { topic: string; partition: number; offset: string; done: Set<string> }
  >();
  private readonly paused = new Set<string>();
  private running = true;
  private loop: Promise<void> = Promise.resolve();
  private pollWaitMs = SHORT_POLL_MS;
  /** Ends the poll that is waiting, so that the next one asks for other partitions or none at all. */
  private polling = new AbortController();

  constructor(
    private readonly intake: IntakeOptions,
    private readonly clientId: string,
    private readonly options: ConsumeOptions,
  ) {}

  async start(): Promise<void> {
    await this.join();
    this.loop = this.run();
  }

  pause(topic: string, partition: number): void {
    this.paused.add(`${topic}/${partition}`);
  }

  resume(topic: string, partition: number): void {
    if (this.paused.delete(`${topic}/${partition}`)) this.polling.abort();
  }

  async commit(topic: string, partition: number, offset: string, metadata: string): Promise<void> {
    const request: wire.CommitRequest = {
      group: this.options.group,
      member: this.member,
      generation: this.generation,
      offsets: [{ topic, partition, offset, metadata }],
    };
    await post(this.intake, '/v1/broker/commit', request);
  }

  async stop(): Promise<void> {
    this.running = false;
    this.polling.abort();
    await this.loop;
    const request: wire.LeaveRequest = { group: this.options.group, member: this.member };
    await post(this.intake, '/v1/broker/leave', request).catch(() => undefined);
  }

  private async run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (this.running) {
      try {
        this.polling = new AbortController();
        if (await this.poll()) await this.join();
        backoffMs = FIRST_BACKOFF_MS;
        this.options.onReads();
      } catch (thrown) {
        // Ended by resume or stop.
        if (this.polling.signal.aborted) continue;
        // The intake is away, refuses, or forgot this member while it was away.
        this.options.onFailed(errorOf(thrown));
        await pause(backoffMs, this.polling.signal);
        backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      }
    }
  }

  private async join(): Promise<void> {
    const request: wire.JoinRequest = {
      group: this.options.group,
      member: this.member,
      clientId: this.clientId,
      host: hostname(),
      topics: this.options.topics,
      fromBeginning: this.options.fromBeginning,
    };
    const answer = await post<wire.JoinAnswer>(this.intake, '/v1/broker/join', request);
    for (const { topic, partition } of this.positions.values()) this.options.onRevoked(topic, partition);
    this.positions.clear();
    this.paused.clear();
    this.generation = answer.generation;
    this.pollWaitMs = answer.pollWaitMs ?? SHORT_POLL_MS;
    for (const item of answer.assignment) {
      this.positions.set(`${item.topic}/${item.partition}`, { ...item, done: decodeDone(item.metadata) });
    }
  }

  /** @returns whether the group's members changed */
  private async poll(): Promise<boolean> {
    const open = [...this.positions.entries()]
      .filter(([place]) => !this.paused.has(place))
      .map(([, position]) => position);
    const request: wire.PollRequest = {
      group: this.options.group,
      member: this.member,
      generation: this.generation,
      waitMs: this.pollWaitMs,
      maxBytes: 1_000_000,
      positions: open.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
    };
    const answer = await post<wire.PollAnswer>(
      this.intake,
      '/v1/broker/poll',
      request,
      this.pollWaitMs + POLL_GRACE_MS,
      this.polling.signal,
    );
    if (answer.rejoin) return true;
    for (const gap of answer.gaps) {
      const position = this.positions.get(`${gap.topic}/${gap.partition}`);
      if (position) position.offset = gap.to;
    }
    for (const position of open) {
      const records = answer.records
        .filter((record) => record.topic === position.topic && record.partition === position.partition)
        .map(fromWire);
      const last = records.at(-1);
      if (!last) continue;
      position.offset = (BigInt(last.offset) + 1n).toString();
      this.options.onRecords(position.topic, position.partition, records, position.done);
    }
    return false;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

function toWire(record: OutgoingRecord): wire.WireRecord {
  return {
    topic: record.topic,
    key: record.key?.toString('base64') ?? null,
    value: record.value?.toString('base64') ?? null,
    headers: record.headers.map(([name, value]) => [name, value?.toString('base64') ?? null]),
  };
}

function fromWire(record: wire.StoredWireRecord): ReceivedRecord {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    key: record.key === null ? null : Buffer.from(record.key, 'base64'),
    value: record.value === null ? null : Buffer.from(record.value, 'base64'),
    headers: record.headers.map(([name, value]) => [
      name,
      value === null ? null : Buffer.from(value, 'base64'),
    ]),
  };
}

/** Answers of the intake after which nothing was taken and the same request may succeed later. */
const COME_AGAIN = new Set([401, 408, 425, 429]);

function failureOf(thrown: unknown): SendResult {
  const error = errorOf(thrown);
  if (error instanceof IntakeError) {
    // Rejected before the request was processed: the record was not stored and may be sent again.
    if (COME_AGAIN.has(error.status)) return { outcome: 'not_written', error };
    if (error.status < 500) return { outcome: 'refused', error };
  }
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : '';
  return { outcome: cause === 'ECONNREFUSED' ? 'not_written' : 'unknown', error };
}
