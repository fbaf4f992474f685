import type { KafkaConfig } from 'kafkajs';
import type { BeatAnswer, InstanceBeat } from '../protocol/fact';
import { COURIER_PREFIX, DEFAULT_TOPIC_PREFIX, retryTopicOf } from '../protocol/topics';
import { DEFAULT_RETRY, type RetryPolicy } from './backoff';
import { FactReporter } from './facts';
import { post, type IntakeOptions } from './http';
import { HttpTransport } from './http-transport';
import { identityOf } from './identity';
import { kafkaConfigOf } from './kafka-config';
import { KafkaTransport } from './kafka-transport';
import { publish, type Published, type PublishInput } from './publisher';
import { Problems, type Problem } from './problems';
import { Skips } from './skips';
import { Subscriber, type SubscribeInput } from './subscriber';
import { isTemporary } from './transport';

export { parseProperties as readProperties } from '../kafka-client/settings/properties-file';
export { PublishError, type Published, type PublishInput } from './publisher';
export type { Message } from './message';
export type { Problem } from './problems';
export type { RetryPolicy } from './backoff';

export interface ConnectOptions {
  /** Name of the service, as the console shows it. */
  service: string;
  /** Release of the service; a failure that began with a release is found by it. */
  release?: string;
  /** Kafka's addresses. Absent: the embedded broker, through the intake. */
  brokers?: string[];
  /**
   * How to connect to a secured Kafka, by the names of Kafka's own clients, such as `security.protocol`. A
   * `client.properties` file is read by `readProperties`.
   */
  properties?: Record<string, string>;
  /** More of kafkajs's own settings; they outweigh `properties`. */
  kafka?: Partial<KafkaConfig>;
  /** Bytes that a compressed batch of records may unpack to, 64 MiB by default; a larger one is reported and passed over. */
  maxBatchBytes?: number;
  /** Address of Courier's intake; `COURIER_INTAKE_URL` where absent. */
  intakeUrl?: string;
  /** The service's token; `COURIER_TOKEN` where absent. */
  token?: string;
  /**
   * Called when a consumer ended and starts again, a record could not be read, or a commit failed; for the service's own
   * log and metrics. Each kind is a line a minute on standard error as well.
   */
  onProblem?: (problem: Problem) => void;
  /** Which of Courier's clusters this is, where it has several; `COURIER_CLUSTER` where absent, else the first. */
  cluster?: string;
}

export interface SubscribeOptions<Payload> {
  group: string;
  topics: string[];
  handle: SubscribeInput<Payload>['handle'];
  types?: string[];
  retry?: Partial<RetryPolicy>;
  /** Handlers that run at the same time, 8 by default. Messages of one key are always handled one after another. */
  concurrency?: number;
  /** Where a group without a position begins; the end by default. */
  from?: 'beginning' | 'end';
  /** Makes the payload of the bytes; JSON by default. */
  decode?: (value: Buffer | null) => Payload;
}

export interface Subscription {
  stop(): Promise<void>;
}

export interface Courier {
  /** Sends a message at least once; resolves when the broker has it. @throws PublishError */
  publish(input: PublishInput): Promise<Published>;
  /**
   * Hands a group's messages to a handler until stopped. While the broker or the intake is away it resolves at once and
   * begins to read as soon as they answer.
   */
  subscribe<Payload = unknown>(options: SubscribeOptions<Payload>): Promise<Subscription>;
  /**
   * Creates topics that do not exist, for services that own theirs. While the broker or the intake is away it waits until
   * they answer, for at most ten minutes.
   */
  createTopics(topics: { name: string; partitions: number }[]): Promise<void>;
  /** Stops all subscriptions, sends the last facts and disconnects. */
  close(): Promise<void>;
}

const BEAT_EVERY_MS = 10_000;
/** From a change to the heartbeat that reports it, with what changes meanwhile. */
const BEAT_SOON_MS = 500;
const REACH_WITHIN_MS = 600_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 5_000;

/** Connects a service to Courier. Connections are made when they are first needed. */
export function connect(options: ConnectOptions): Courier {
  const intake = intakeOf(options);
  const identity = identityOf(options.service, options.release ?? 'unknown');
  const transport = options.brokers
    ? new KafkaTransport(
        {
          clientId: options.service,
          ...kafkaConfigOf(options.brokers, options.properties ?? {}),
          ...options.kafka,
        },
        options.maxBatchBytes,
      )
    : new HttpTransport(needIntake(intake), options.service);
  const facts = new FactReporter(transport, intake, identity);
  const subscribers = new Set<Subscriber<never>>();
  const closed = new AbortController();

  const beat = async (): Promise<void> => {
    if (!intake || subscribers.size === 0) return;
    const done = [...subscribers].flatMap(({ skips }) => [...skips.done]);
    const body: InstanceBeat = {
      v: 1,
      instance: `${identity.service}@${identity.host}#${identity.process}`,
      ...identity,
      dropped: facts.dropped,
      ...(COURIER_PREFIX === DEFAULT_TOPIC_PREFIX ? {} : { topicPrefix: COURIER_PREFIX }),
      subscriptions: [...subscribers].map((subscriber) => ({
        group: subscriber.input.group,
        topics: subscriber.input.topics,
        ...(subscriber.input.types ? { types: subscriber.input.types } : {}),
        retryTopic: subscriber.retryReady ? retryTopicOf(subscriber.input.group) : null,
        retryReady: subscriber.retryReady,
        ...(subscriber.retryProblem ? { retryProblem: subscriber.retryProblem } : {}),
        ...problemsOf(subscriber.problems),
        member: subscriber.member,
      })),
      ...(done.length > 0 ? { done } : {}),
    };
    // Where the intake is away the service works on; the console shows it as silent.
    const answer = await post<Partial<BeatAnswer>>(intake, '/v1/instances', body).catch(() => null);
    if (answer === null) return;
    for (const { skips } of subscribers) for (const id of done) skips.done.delete(id);
    for (const command of answer.commands ?? [])
      for (const { input, skips } of subscribers)
        if (command.kind === 'skip' && command.group === input.group) skips.ask(command);
  };
  let soon: NodeJS.Timeout | undefined;
  const beatSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      void beat();
    }, BEAT_SOON_MS).unref();
  };
  const timer = setInterval(() => void beat(), BEAT_EVERY_MS);
  timer.unref();

  return {
    publish: (input) => publish(transport, facts, identity, input),
    createTopics: (topics) => whenReachable(() => transport.createTopics(topics), closed.signal),
    async subscribe<Payload>(given: SubscribeOptions<Payload>) {
      const problems = new Problems(given.group, options.onProblem ?? (() => undefined), beatSoon);
      const input = {
        group: given.group,
        topics: given.topics,
        handle: given.handle,
        ...(given.types ? { types: given.types } : {}),
        retry: { ...DEFAULT_RETRY, ...given.retry },
        concurrency: given.concurrency ?? 8,
        fromBeginning: given.from === 'beginning',
        decode: given.decode ?? decodeJson,
      };
      const subscriber = new Subscriber<Payload>(
        transport,
        facts,
        identity,
        input,
        problems,
        new Skips(beatSoon),
      );
      await subscriber.start();
      subscribers.add(subscriber);
      await beat();
      return {
        async stop() {
          subscribers.delete(subscriber);
          await subscriber.stop();
        },
      };
    },
    async close() {
      clearInterval(timer);
      clearTimeout(soon);
      closed.abort();
      await Promise.allSettled([...subscribers].map((subscriber) => subscriber.stop()));
      await facts.close();
      await transport.close();
    },
  };
}

/** Repeats work until the other side is available. @throws a permanent error, or the last error at the deadline */
async function whenReachable<T>(work: () => Promise<T>, closed: AbortSignal): Promise<T> {
  const deadline = performance.now() + REACH_WITHIN_MS;
  for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
    try {
      return await work();
    } catch (error) {
      if (closed.aborted || !isTemporary(error) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, backoffMs));
    }
  }
}

/** What the heartbeat adds where something is in the way; an older intake would refuse it. */
function problemsOf({
  current,
  crashes,
  unreadable,
}: Problems): Partial<InstanceBeat['subscriptions'][number]> {
  return {
    ...(current.length > 0 ? { problems: current } : {}),
    ...(crashes > 0 ? { crashes } : {}),
    ...(unreadable > 0 ? { unreadable } : {}),
  };
}

function intakeOf(options: ConnectOptions): IntakeOptions | null {
  const url = options.intakeUrl ?? process.env.COURIER_INTAKE_URL;
  const token = options.token ?? process.env.COURIER_TOKEN;
  const cluster = options.cluster ?? process.env.COURIER_CLUSTER;
  return url && token ? { url, token, ...(cluster ? { cluster } : {}) } : null;
}

function needIntake(intake: IntakeOptions | null): IntakeOptions {
  if (intake) return intake;
  throw new TypeError(
    'connect needs either brokers (Kafka) or intakeUrl and token (embedded broker); COURIER_INTAKE_URL and COURIER_TOKEN are not set either',
  );
}

function decodeJson(value: Buffer | null): never {
  return (
    value === null ? null : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value))
  ) as never;
}
