import { deadLetterTopicOf, retryTopicOf } from '../protocol/topics';
import type { Transport } from './transport';

/** Creates the retry and dead-letter topics of a group where they do not exist, as wide as the widest topic that it reads. */
export async function ensureOwnTopics(
  transport: Transport,
  group: string,
  topics: readonly string[],
): Promise<void> {
  const own = [retryTopicOf(group), deadLetterTopicOf(group)];
  const found = await transport.partitionsOf([...topics, ...own]);
  const partitions = Math.max(1, ...topics.map((topic) => found.get(topic) ?? 0));
  const missing = own.filter((name) => !found.has(name)).map((name) => ({ name, partitions }));
  if (missing.length > 0) await transport.createTopics(missing);
}
