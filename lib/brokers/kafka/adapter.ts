import { partitionOfKey } from '../key-hash';
import type { RightView } from '@/lib/contract/clusters';
import { CourierError } from '@/lib/errors';
import { MAX_BATCH_BYTES } from '@/lib/kafka-client/codecs';
import { KafkaConnectError } from '@/lib/kafka-client/connect/connect-error';
import { connectionOptions } from '@/lib/kafka-client/connect/connection-options';
import { addressText } from '@/lib/kafka-client/settings/address';
import { readKafkaSettings } from '@/lib/kafka-client/settings/kafka-settings';
import type * as port from '@/lib/brokers/broker';
import { KafkaConnections } from './connections';
import { KafkaGroups } from './groups';
import { KafkaMetadata, unreachable } from './metadata';
import { KafkaReader } from './reader';
import { checkConnection } from './check';
import { readRights, seesAllGroups } from './rights';
import { findOpenTransaction } from './transactions';
import { describeClusterRequest } from './wire/cluster-request';
import { readLogSizes } from './log-sizes';
import { KafkaSender } from './sender';
import { settingsOf, TOPIC_SETTINGS } from './topic-settings';
import { errorName, KAFKA_ERROR } from './wire/errors';
import {
  createTopicsRequest,
  deleteTopicsRequest,
  topicConfigsRequest,
  type ConfigAnswer,
  type TopicResult,
} from './wire/topic-requests';

const LOOK_EVERY_MS = 20;
/** Topics whose settings are asked for at once. An answer has some 100 bytes for each. */
const TOPICS_PER_REQUEST = 200;
/** A broker gets this much less time than the request has, so that its answer arrives in time. */
const REPLY_MS = 200;

export interface KafkaBrokerOptions {
  name: string;
  addresses: string[];
  requestTimeoutMs: number;
  /** A batch of records that unpacks to more than this is passed over. */
  maxBatchBytes?: number;
  /** Settings of Kafka's clients: security protocol, sign-in, TLS. */
  properties?: Record<string, string>;
}

/** Courier's Kafka: its own requests over its own connections, each with one honest answer. */
export class KafkaBroker implements port.Broker {
  /** Services are Kafka clients of their own. */
  readonly capabilities: port.BrokerCapabilities & {
    checkConnection: () => Promise<port.ConnectionFindings>;
  };
  readonly name: string;
  private readonly requestTimeoutMs: number;
  private readonly addresses: string[];
  private readonly connections: KafkaConnections;
  private readonly metadata: KafkaMetadata;
  private readonly reader: KafkaReader;
  private readonly sender: KafkaSender;
  private readonly groupReader: KafkaGroups;

  /** @throws KafkaSettingsError for settings that cannot work; nothing is connected yet */
  constructor(options: KafkaBrokerOptions) {
    this.name = options.name;
    const settings = readKafkaSettings({
      'bootstrap.servers': options.addresses.join(','),
      ...options.properties,
    });
    this.addresses = settings.addresses.map(addressText);
    this.requestTimeoutMs = settings.requestTimeoutMs ?? options.requestTimeoutMs;
    this.connections = new KafkaConnections(
      settings.addresses,
      connectionOptions(settings, this.requestTimeoutMs),
    );
    this.metadata = new KafkaMetadata(this.connections, this.addresses);
    this.reader = new KafkaReader(
      this.connections,
      this.metadata,
      this.addresses,
      options.maxBatchBytes ?? MAX_BATCH_BYTES,
    );
    this.sender = new KafkaSender(
      this.connections,
      this.metadata,
      this.requestTimeoutMs,
      async (topic) => (await this.topicSettings(topic))?.maxBatchBytes ?? null,
    );
    this.groupReader = new KafkaGroups(this.connections, this.metadata);
    this.capabilities = {
      serviceAccess: null,
      checkConnection: () =>
        checkConnection(settings.addresses, connectionOptions(settings, this.requestTimeoutMs)),
    };
  }

  /** Reads certificates and keys. @throws KafkaConnectError where they cannot be used, now or later */
  checkFiles(): void {
    try {
      this.connections.options.tls?.read();
    } catch (error) {
      // An expired certificate may be replaced while Courier runs.
      if (!(error instanceof KafkaConnectError) || error.code !== 'tlsClientExpired') throw error;
    }
  }

  async overview(): Promise<port.BrokerOverview> {
    const answer = await this.ask(() => this.connections.sendToAny(describeClusterRequest()));
    const brokers = answer.brokers.map((broker) => ({
      id: broker.nodeId,
      address: `${broker.host}:${broker.port}`,
    }));
    return { clusterId: answer.clusterId, brokers, seesAllGroups: seesAllGroups(answer) };
  }

  rights(): Promise<RightView[]> {
    return this.ask(() => readRights(this.connections, this.groupReader, this.requestTimeoutMs));
  }

  async topics(): Promise<port.TopicInfo[]> {
    const answer = await this.metadata.read(null);
    return answer.topics
      .filter((topic) => topic.error === 0)
      .map((topic) => ({ name: topic.name, incarnation: topic.id, partitions: topic.partitions.length }));
  }

  async createTopics(topics: { name: string; partitions: number }[]): Promise<string[]> {
    const known = new Set((await this.topics()).map((topic) => topic.name));
    const missing = topics.filter((topic) => !known.has(topic.name));
    if (missing.length === 0) return [];
    const results = await this.ask(() =>
      this.connections.sendToAny(createTopicsRequest(missing, this.requestTimeoutMs - REPLY_MS)),
    );
    // Another client may have created one of them at the same moment.
    const made = results.filter(({ error }) => error !== KAFKA_ERROR.TOPIC_ALREADY_EXISTS);
    this.refuseUnless(made, 'create');
    await this.awaitLeaders(missing);
    return made.map(({ topic }) => topic);
  }

  /** Waits until the leader of every partition answers for it: it learns of a new topic after the others do. */
  private async awaitLeaders(topics: { name: string; partitions: number }[]): Promise<void> {
    const names = topics.map((topic) => topic.name);
    const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0);
    const deadline = performance.now() + this.requestTimeoutMs;
    for (;;) {
      this.metadata.forget();
      const { known } = await this.reader.logEnds(names);
      if (known.length >= partitions || performance.now() > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async deleteTopic(name: string): Promise<void> {
    const results = await this.ask(() =>
      this.connections.sendToAny(deleteTopicsRequest([name], this.requestTimeoutMs - REPLY_MS)),
    );
    this.refuseUnless(results, 'delete');
    this.metadata.forget();
  }

  async topicSettings(name: string): Promise<port.TopicSettings | null> {
    const [answer] = await this.ask(() =>
      this.connections.sendToAny(topicConfigsRequest([name], TOPIC_SETTINGS)),
    );
    if (!answer || answer.error === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION) return null;
    this.refuseUnless([answer], 'read the settings of');
    return settingsOf(answer.values);
  }

  async settingsOf(topics: string[]): Promise<Map<string, port.TopicSettings>> {
    const answers: ConfigAnswer[] = [];
    for (let at = 0; at < topics.length; at += TOPICS_PER_REQUEST) {
      const some = topics.slice(at, at + TOPICS_PER_REQUEST);
      answers.push(
        ...(await this.ask(() => this.connections.sendToAny(topicConfigsRequest(some, TOPIC_SETTINGS)))),
      );
    }
    const known = answers.filter(({ error }) => error === 0);
    return new Map(known.map(({ topic, values }) => [topic, settingsOf(values)]));
  }

  logSizes(topics: string[]): Promise<Map<string, number>> {
    return this.ask(() => readLogSizes(this.connections, this.metadata, topics));
  }

  logEnds(topics: string[]): Promise<port.LogEnds> {
    return this.reader.logEnds(topics);
  }

  stableEnds(topics: string[]): Promise<Map<string, bigint>> {
    return this.reader.stableEnds(topics);
  }

  openTransaction(topic: string, partition: number): Promise<port.OpenTransaction | null> {
    return findOpenTransaction(this.connections, this.metadata, topic, partition);
  }

  async partitionFor(topic: string, key: Buffer): Promise<number | null> {
    const partitions = (await this.metadata.topic(topic))?.leaders.size ?? 0;
    return partitions === 0 ? null : partitionOfKey(key, partitions);
  }

  offsetAt(topic: string, partition: number, time: number): Promise<bigint> {
    return this.reader.offsetAt(topic, partition, time);
  }

  groups(): Promise<port.GroupListing> {
    return this.ask(() => this.groupReader.list());
  }

  describeGroups(groups: port.GroupInfo[]): Promise<port.GroupDescription[]> {
    return this.ask(() => this.groupReader.describe(groups));
  }

  deadGroups(groups: Pick<port.GroupInfo, 'name' | 'type'>[]): Promise<string[]> {
    return this.ask(() => this.groupReader.deadGroups(groups));
  }

  positions(groups: port.GroupInfo[]): Promise<port.GroupPositions> {
    return this.ask(() => this.groupReader.positions(groups));
  }

  movePositions(
    group: Pick<port.GroupInfo, 'name' | 'type'>,
    to: port.FetchPosition[],
  ): Promise<port.MoveAnswer[]> {
    return this.ask(() => this.groupReader.movePositions(group, to));
  }

  fetch(from: port.FetchPosition[], options: port.FetchOptions): Promise<port.FetchAnswer[]> {
    return this.reader.fetch(from, options);
  }

  whyTooLarge(record: port.OutgoingRecord): Promise<port.TooLarge | null> {
    return this.ask(() => this.sender.whyTooLarge(record));
  }

  publish(records: port.OutgoingRecord[]): Promise<port.SendAnswer[]> {
    return this.sender.publish(records);
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  /** @throws CourierError broker_refused, with the reason of each topic */
  private refuseUnless(results: TopicResult[], what: string): void {
    const refused = results.filter(({ error }) => error !== 0);
    if (refused.length === 0) return;
    const reasons = refused.map(
      ({ topic, error, message }) => `${topic}: ${errorName(error)}${message ? ` ${message}` : ''}`,
    );
    throw new CourierError(
      'broker_refused',
      `Kafka at ${this.addresses.join(', ')} refused to ${what} ${reasons.join('; ')}`,
    );
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw unreachable(this.addresses, error);
    }
  }
}
