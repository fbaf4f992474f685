import type { TopicInfo } from '@/lib/brokers/broker';
import { readPolicies as read, updateTopics, type TopicPolicy } from '@/lib/store/topics/topics';
import { isKafkaTopic } from '@/lib/protocol/topics';
import type { Context } from '@/lib/context/context';

/** What is to be kept of each topic's messages. Topics that are seen for the first time get the defaults. */
export async function readPolicies(context: Context, topics: TopicInfo[]): Promise<Map<string, TopicPolicy>> {
  const { store, cluster } = context;
  const known = await read(store, cluster.id);
  if (topics.every((topic) => known.has(topic.name))) return known;
  await updateTopics(
    store,
    cluster.id,
    topics.filter((topic) => !isKafkaTopic(topic.name)),
  );
  return read(store, cluster.id);
}
