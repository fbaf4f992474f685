import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

export interface ClusterAnswer {
  error: number;
  clusterId: string | null;
  brokers: { nodeId: number; host: string; port: number }[];
  /** Operations on the cluster that Courier is authorized for, as bits; see `rights.ts`. */
  rights: number;
}

/** DescribeCluster v0, with the authorized operations. */
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
