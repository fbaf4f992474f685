import type { RightName, RightView } from '@/lib/contract/clusters';
import { COURIER_PREFIX, FACTS_TOPIC, roleOfTopic } from '@/lib/protocol/topics';
import { KAFKA_ERROR } from './wire/errors';
import type { KafkaConnections } from './connections';
import { describeClusterRequest, type ClusterAnswer } from './wire/cluster-request';
import { metadataRequest, type MetadataAnswer } from './wire/metadata-request';
import { createTopicsRequest } from './wire/topic-requests';
import type { KafkaGroups } from './groups';

/** Kafka's AclOperation codes: the bits of the authorized operations in an answer. */
const BIT = { read: 3, write: 4, create: 5, describe: 8, describeConfigs: 10 } as const;
/** The value of a broker that was not asked for authorized operations or does not support them. */
const UNKNOWN_RIGHTS = -2_147_483_648;

/** The arguments of `kafka-acls` behind `--add --allow-principal <user>` that grant each right (docs/kafka.md). */
const GRANTS: Readonly<Record<RightName, string>> = {
  see_groups: '--cluster --operation Describe',
  describe_groups: "--group '*' --operation Describe",
  read_topics: "--topic '*' --operation Read",
  read_settings: "--topic '*' --operation DescribeConfigs",
  create_topics: `--topic ${COURIER_PREFIX} --resource-pattern-type prefixed --operation Create`,
  write_topics: `--topic ${COURIER_PREFIX} --resource-pattern-type prefixed --operation Write`,
};

const may = (rights: number, bit: number): boolean | null =>
  rights === UNKNOWN_RIGHTS ? null : ((rights >> bit) & 1) === 1;

/** Whether a broker lists every group; null if unknown. */
export function seesAllGroups({ rights }: ClusterAnswer): boolean | null {
  return may(rights, BIT.describe);
}

/** Asks the broker for every right that Courier uses; nothing is changed. */
export async function readRights(
  connections: KafkaConnections,
  groups: KafkaGroups,
  timeoutMs: number,
): Promise<RightView[]> {
  const cluster = await connections.sendToAny(describeClusterRequest());
  const { topics } = await connections.sendToAny(metadataRequest(null, true));
  const visible = topics.filter((topic) => topic.error === 0 && !topic.isInternal);
  const own = visible.filter((topic) => roleOfTopic(topic.name) !== 'message');
  return [
    right('see_groups', may(cluster.rights, BIT.describe)),
    await describeGroups(groups),
    onTopics('read_topics', visible, BIT.read),
    onTopics('read_settings', visible, BIT.describeConfigs),
    right(
      'create_topics',
      may(cluster.rights, BIT.create) || (await mayCreateTopics(connections, timeoutMs)),
    ),
    onTopics('write_topics', own, BIT.write),
  ];
}

function right(name: RightName, granted: boolean | null, missingOn: string[] = []): RightView {
  return { right: name, granted, missingOn: missingOn.sort(), grant: GRANTS[name] };
}

function onTopics(name: RightName, topics: MetadataAnswer['topics'], bit: number): RightView {
  const told = topics.filter((topic) => topic.rights !== UNKNOWN_RIGHTS);
  const missing = told.filter((topic) => may(topic.rights, bit) === false).map((topic) => topic.name);
  return right(name, told.length === 0 ? null : missing.length === 0, missing);
}

async function describeGroups(groups: KafkaGroups): Promise<RightView> {
  const refused = await groups.refused();
  return right('describe_groups', refused === null ? null : refused.length === 0, refused ?? []);
}

/** A request to create a topic that is only validated: the broker authorizes it first. */
async function mayCreateTopics(connections: KafkaConnections, timeoutMs: number): Promise<boolean> {
  const request = createTopicsRequest([{ name: FACTS_TOPIC, partitions: 1 }], timeoutMs, true);
  const [answer] = await connections.sendToAny(request);
  return (
    answer?.error !== KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED &&
    answer?.error !== KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED
  );
}
