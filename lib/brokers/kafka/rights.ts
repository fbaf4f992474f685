import { roleOfTopic } from '@/lib/protocol/topics';
import type { MissingRight } from '@/lib/brokers/broker';
import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';
import type { MetadataAnswer } from './wire/metadata-request';

/** Kafka's AclOperation codes: the bits of the authorized operations in an answer. */
const BIT = { read: 3, write: 4, describe: 8, describeConfigs: 10 } as const;
/** The value of a broker that was not asked for authorized operations or does not support them. */
const NOT_TOLD = -2_147_483_648;

export interface ClusterAnswer {
  error: number;
  clusterId: string | null;
  brokers: { nodeId: number; host: string; port: number }[];
  rights: number;
}

/** DescribeCluster v0, with what Courier may do with the cluster. */
export function describeClusterRequest(): WireRequest<ClusterAnswer> {
  return {
    apiKey: 60,
    apiName: 'DescribeCluster',
    least: 0,
    most: 0,
    write: () => new WireWriter().noTags().int8(1).noTags().toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      const error = reader.int16();
      reader.compactString();
      const clusterId = reader.compactString();
      reader.int32();
      const brokers = reader.compactArray(() => {
        const broker = { nodeId: reader.int32(), host: reader.compactString() ?? '', port: reader.int32() };
        reader.compactString();
        reader.skipTags();
        return broker;
      });
      const rights = reader.int32();
      reader.skipTags();
      return { error, clusterId, brokers, rights };
    },
  };
}

const may = (rights: number, bit: number) => rights === NOT_TOLD || ((rights >> bit) & 1) === 1;

/** Whether a broker lists every group; null if unknown. */
export function seesAllGroups({ rights }: ClusterAnswer): boolean | null {
  return rights === NOT_TOLD ? null : may(rights, BIT.describe);
}

/** Missing rights: to read and describe topics that are shown, and to write and create Courier's own. */
export function missingOf(cluster: ClusterAnswer, topics: MetadataAnswer['topics']): MissingRight[] {
  const visible = topics.filter((topic) => topic.error === 0 && !topic.name.startsWith('__'));
  const without = (bit: number, of = visible) =>
    of.filter((topic) => !may(topic.rights, bit)).map((topic) => topic.name);
  const own = visible.filter((topic) => roleOfTopic(topic.name) !== 'message');
  const missing: MissingRight[] = [
    { right: 'read_topics', topics: without(BIT.read) },
    { right: 'write_topics', topics: without(BIT.write, own) },
    { right: 'read_settings', topics: without(BIT.describeConfigs) },
  ];
  const found = missing.filter((item) => item.topics.length > 0);
  if (!may(cluster.rights, BIT.describe)) found.unshift({ right: 'see_groups', topics: [] });
  return found;
}
