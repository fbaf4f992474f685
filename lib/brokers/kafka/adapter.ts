import { partitionOfKey } from '../key-hash';
import { Kafka, logLevel, type Admin, type ConfigResourceTypes, type KafkaConfig } from 'kafkajs';
import { CourierError } from '@/lib/errors';
import { MAX_BATCH_BYTES } from '@/lib/kafka-client/codecs';
import type * as port from '@/lib/brokers/broker';
import { KafkaGroups } from './groups';
import { KafkaMetadata, unreachable } from './metadata';
import { KafkaReader } from './reader';
import { describeClusterRequest, missingOf, seesAllGroups } from './rights';
import { KafkaSender } from './sender';
import { WireConnection } from './wire/connection';
import { metadataRequest } from './wire/requests';

const LOOK_EVERY_MS = 20;
/** kafkajs's own constant can't be imported by name from an ES module. */
const TOPIC_RESOURCE = 2 as ConfigResourceTypes;

export interface KafkaBrokerOptions {
  name: string;
  addresses: string[];
  requestTimeoutMs: number;
  /** A batch of records that unpacks to more than this is passed over. */
  maxBatchBytes?: number;
  /** More of kafkajs's own settings: TLS, SASL, a socket factory. */
  client?: Partial<KafkaConfig>;
}

/** Courier's Kafka: kafkajs for connections and plain administration, own requests where kafkajs cannot be truthful. */
export class KafkaBroker implements port.Broker {
  /** Services are Kafka clients of their own. */
  readonly capabilities: port.BrokerCapabilities = { serviceAccess: null };
  readonly name: string;
  private readonly connection: WireConnection;
  private readonly metadata: KafkaMetadata;
  private readonly reader: KafkaReader;
  private readonly sender: KafkaSender;
  private readonly groupReader: KafkaGroups;
  private readonly kafka: Kafka;
  private admin: Promise<Admin> | undefined;

  constructor(private readonly options: KafkaBrokerOptions) {
    this.name = options.name;
    const config: KafkaConfig = {
      clientId: 'courier',
      brokers: options.addresses,
      logLevel: logLevel.NOTHING,
      connectionTimeout: Math.min(options.requestTimeoutMs, 3_000),
      requestTimeout: options.requestTimeoutMs,
      ...options.client,
    };
    this.connection = new WireConnection(config);
    this.kafka = new Kafka({ ...config, retry: { retries: 1, initialRetryTime: 100 } });
    this.metadata = new KafkaMetadata(this.connection, options.addresses);
    this.reader = new KafkaReader(
      this.connection,
      this.metadata,
      options.addresses,
      options.maxBatchBytes ?? MAX_BATCH_BYTES,
    );
    this.sender = new KafkaSender(this.connection, this.metadata, options.requestTimeoutMs);
    this.groupReader = new KafkaGroups(this.connection, this.metadata, (work) => this.withAdmin(work));
  }

  async overview(): Promise<port.BrokerOverview> {
    const answer = await this.ask(() => this.connection.sendToAny(describeClusterRequest()));
    const brokers = answer.brokers.map((broker) => ({
      id: broker.nodeId,
      address: `${broker.host}:${broker.port}`,
    }));
    return { clusterId: answer.clusterId, brokers, seesAllGroups: seesAllGroups(answer) };
  }

  async missingRights(): Promise<port.MissingRight[] | null> {
    return this.ask(async () => {
      const cluster = await this.connection.sendToAny(describeClusterRequest());
      const { topics } = await this.connection.sendToAny(metadataRequest(null, true));
      return missingOf(cluster, topics);
    });
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
    await this.withAdmin((admin) =>
      admin.createTopics({
        topics: missing.map((topic) => ({
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: -1,
        })),
        // kafkajs asks once, of any broker, and calls a topic unknown that this broker has not heard of yet.
        waitForLeaders: false,
      }),
    );
    await this.awaitLeaders(missing);
    return missing.map((topic) => topic.name);
  }

  /** Waits until the leader of every partition answers for it: it learns of a new topic after the others do. */
  private async awaitLeaders(topics: { name: string; partitions: number }[]): Promise<void> {
    const names = topics.map((topic) => topic.name);
    const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0);
    const deadline = performance.now() + this.options.requestTimeoutMs;
    for (;;) {
      this.metadata.forget();
      if ((await this.reader.logEnds(names)).length >= partitions || performance.now() > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async deleteTopic(name: string): Promise<void> {
    await this.withAdmin((admin) => admin.deleteTopics({ topics: [name] }));
    this.metadata.forget();
  }

  async topicSettings(name: string): Promise<port.TopicSettings | null> {
    const { resources } = await this.withAdmin((admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC_RESOURCE, name }],
      }),
    ).catch((error: unknown) => {
      if (isUnknownTopic(error)) return { resources: [] };
      throw error;
    });
    const [resource] = resources;
    if (!resource) return null;
    const values = new Map(resource.configEntries.map((entry) => [entry.configName, entry.configValue]));
    const limit = (config: string) => {
      const value = Number(values.get(config) ?? -1);
      return value < 0 ? null : value;
    };
    const cleanup = values.get('cleanup.policy') ?? 'delete';
    return {
      retentionMs: cleanup.includes('delete') ? limit('retention.ms') : null,
      retentionBytes: cleanup.includes('delete') ? limit('retention.bytes') : null,
      compacted: cleanup.includes('compact'),
    };
  }

  logEnds(topics: string[]): Promise<port.LogEnds[]> {
    return this.reader.logEnds(topics);
  }

  async partitionFor(topic: string, key: Buffer): Promise<number | null> {
    const partitions = (await this.metadata.topic(topic))?.leaders.size ?? 0;
    return partitions === 0 ? null : partitionOfKey(key, partitions);
  }

  offsetAt(topic: string, partition: number, time: number): Promise<bigint> {
    return this.reader.offsetAt(topic, partition, time);
  }

  groups(): Promise<port.GroupInfo[]> {
    return this.ask(() => this.groupReader.list());
  }

  describeGroups(groups: port.GroupInfo[]): Promise<port.GroupDescription[]> {
    return this.ask(() => this.groupReader.describe(groups));
  }

  positions(groups: port.GroupInfo[]): Promise<port.GroupPositions> {
    return this.ask(() => this.groupReader.positions(groups));
  }

  fetch(from: port.FetchPosition[], options: port.FetchOptions): Promise<port.FetchAnswer[]> {
    return this.reader.fetch(from, options);
  }

  publish(records: port.OutgoingRecord[]): Promise<port.SendAnswer[]> {
    return this.sender.publish(records);
  }

  async close(): Promise<void> {
    const admin = await this.admin?.catch(() => undefined);
    await admin?.disconnect().catch(() => undefined);
    await this.connection.close();
  }

  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    this.admin ??= (async () => {
      const admin = this.kafka.admin();
      await admin.connect();
      return admin;
    })();
    try {
      return await work(await this.admin);
    } catch (error) {
      this.admin = undefined;
      if (error instanceof Error && 'errors' in error && Array.isArray(error.errors)) {
        const reasons = (error.errors as unknown[]).map(String).join('; ');
        throw new CourierError(
          'broker_refused',
          `Kafka at ${this.options.addresses.join(', ')} refused: ${reasons}`,
        );
      }
      throw unreachable(this.options.addresses, error);
    }
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw unreachable(this.options.addresses, error);
    }
  }
}

/** Whether kafkajs failed because the topic does not exist; the reason is in the error's cause. */
function isUnknownTopic(error: unknown): boolean {
  for (let item = error; item instanceof Error; item = item.cause) {
    if ('type' in item && item.type === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
  }
  return false;
}
