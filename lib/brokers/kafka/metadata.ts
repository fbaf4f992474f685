import { CourierError, sentenceOf } from '@/lib/errors';
import { KafkaConnectError } from '@/lib/kafka-client/connect/connect-error';
import type { KafkaConnections } from './connections';
import { metadataRequest, type MetadataAnswer } from './wire/metadata-request';

const MAX_AGE_MS = 30_000;

interface KnownTopic {
  id: string;
  /** Leader's node id by partition; -1 while there is none. */
  leaders: Map<number, number>;
}

/** Leaders of partitions, cached for half a minute and invalidated by errors of brokers. */
export class KafkaMetadata {
  private topics = new Map<string, KnownTopic | null>();
  private readAt = 0;
  clusterId: string | null = null;
  brokers: MetadataAnswer['brokers'] = [];

  constructor(
    private readonly connections: KafkaConnections,
    private readonly addresses: string[],
  ) {}

  /** Leader of a partition; `no_topic`, `no_partition` or `no_leader` where there is none. */
  async leaderOf(
    topic: string,
    partition: number,
  ): Promise<number | 'no_topic' | 'no_partition' | 'no_leader'> {
    const known = await this.topic(topic);
    if (!known) return 'no_topic';
    const leader = known.leaders.get(partition);
    if (leader === undefined) return 'no_partition';
    return leader < 0 ? 'no_leader' : leader;
  }

  async topic(name: string): Promise<KnownTopic | null> {
    if (Date.now() - this.readAt > MAX_AGE_MS) this.forget();
    const known = this.topics.get(name);
    if (known !== undefined) return known;
    await this.read([name]);
    return this.topics.get(name) ?? null;
  }

  /** Reads topics anew; `null` reads all. */
  async read(names: string[] | null): Promise<MetadataAnswer> {
    const answer = await this.ask(names);
    this.clusterId = answer.clusterId;
    this.brokers = answer.brokers;
    if (names === null) this.forget();
    for (const name of names ?? []) this.topics.set(name, null);
    for (const topic of answer.topics) {
      if (topic.error !== 0 && topic.partitions.length === 0) continue;
      const leaders = new Map(topic.partitions.map((partition) => [partition.index, partition.leader]));
      this.topics.set(topic.name, { id: topic.id, leaders });
    }
    return answer;
  }

  forget(): void {
    this.topics.clear();
    this.readAt = Date.now();
  }

  /** @throws CourierError broker_unreachable, with the addresses that were tried */
  private async ask(names: string[] | null): Promise<MetadataAnswer> {
    try {
      const answer = await this.connections.sendToAny(metadataRequest(names));
      this.connections.learn(answer.brokers);
      return answer;
    } catch (error) {
      throw unreachable(this.addresses, error);
    }
  }
}

/** The error of a broker that does not answer: it names the address and the reason. */
export function unreachable(addresses: string[], error: unknown): CourierError {
  if (error instanceof CourierError) return error;
  const isAway = !(error instanceof KafkaConnectError) || /^(name|port)/.test(error.code);
  return new CourierError(
    'broker_unreachable',
    `Kafka at ${addresses.join(', ')} ${isAway ? 'does not answer' : 'cannot be used'}: ${sentenceOf(error)}`,
    { addresses },
    { cause: error },
  );
}
