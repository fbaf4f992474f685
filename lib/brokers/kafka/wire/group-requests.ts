import type { WireReader } from './bytes';
import { WireWriter } from './bytes';
import type { WireRequest } from './requests';

export interface ApiRange {
  apiKey: number;
  most: number;
}

/** ApiVersions v0: the highest version of each request that a broker answers. */
export function apiVersionsRequest(): WireRequest<{ error: number; apis: ApiRange[] }> {
  return {
    apiKey: 18,
    apiVersion: 0,
    apiName: 'ApiVersions',
    body: Buffer.alloc(0),
    read(reader) {
      const error = reader.int16();
      const apis = reader.array(() => {
        const apiKey = reader.int16();
        reader.int16();
        return { apiKey, most: reader.int16() };
      });
      return { error, apis };
    },
  };
}

export interface CoordinatorAnswer {
  group: string;
  nodeId: number;
  error: number;
}

/** FindCoordinator v4 for many groups at once. */
export function findCoordinatorsRequest(groups: string[]): WireRequest<CoordinatorAnswer[]> {
  const body = new WireWriter().noTags().int8(0);
  body.compactArray(groups, (group) => body.compactString(group));
  body.noTags();
  return {
    apiKey: 10,
    apiVersion: 4,
    apiName: 'FindCoordinator',
    body: body.toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const group = reader.compactString() ?? '';
        const nodeId = reader.int32();
        reader.compactString();
        reader.int32();
        const error = reader.int16();
        reader.compactString();
        reader.skipTags();
        return { group, nodeId, error };
      });
    },
  };
}

export interface OffsetFetchAnswer {
  group: string;
  error: number;
  positions: { topic: string; partition: number; offset: bigint; error: number }[];
}

/** OffsetFetch v8: every committed position of up to 50 groups of one coordinator. */
export function offsetFetchRequest(groups: string[]): WireRequest<OffsetFetchAnswer[]> {
  const body = new WireWriter().noTags();
  body.compactArray(groups, (group) =>
    body
      .compactString(group)
      .compactArray(null, () => undefined)
      .noTags(),
  );
  body.int8(0).noTags();
  return {
    apiKey: 9,
    apiVersion: 8,
    apiName: 'OffsetFetch',
    body: body.toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const group = reader.compactString() ?? '';
        const positions = reader
          .compactArray(() => {
            const topic = reader.compactString() ?? '';
            const list = reader.compactArray(() => {
              const partition = reader.int32();
              const offset = reader.int64();
              reader.int32();
              reader.compactString();
              const error = reader.int16();
              reader.skipTags();
              return { topic, partition, offset, error };
            });
            reader.skipTags();
            return list;
          })
          .flat();
        const error = reader.int16();
        reader.skipTags();
        return { group, error, positions };
      });
    },
  };
}

export interface ListedGroup {
  name: string;
  protocolType: string;
  state: string;
  /** In lower case; null for brokers before 3.8, which do not return it. */
  type: string | null;
}

/** ListGroups v5 (v4 where the broker is older): the groups that one broker coordinates. */
export function listGroupsRequest(version: 4 | 5): WireRequest<{ error: number; groups: ListedGroup[] }> {
  const body = new WireWriter().noTags().compactArray([], () => undefined);
  if (version === 5) body.compactArray([], () => undefined);
  return {
    apiKey: 16,
    apiVersion: version,
    apiName: 'ListGroups',
    body: body.noTags().toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      const error = reader.int16();
      const groups = reader.compactArray(() => {
        const group = {
          name: reader.compactString() ?? '',
          protocolType: reader.compactString() ?? '',
          state: reader.compactString() ?? '',
          type: version === 5 ? (reader.compactString() ?? '').toLowerCase() : null,
        };
        reader.skipTags();
        return group;
      });
      return { error, groups };
    },
  };
}

export interface DescribedMember {
  id: string;
  clientId: string;
  host: string;
  assignment: { topic: string; partitions: number[] }[];
}

export interface DescribedGroup {
  name: string;
  error: number;
  state: string;
  members: DescribedMember[];
}

/** ConsumerGroupDescribe v0: groups of the protocol of KIP-848, which DescribeGroups calls dead. */
export function consumerGroupDescribeRequest(groups: string[]): WireRequest<DescribedGroup[]> {
  return describeRequest(69, 0, 'ConsumerGroupDescribe', groups, (reader) => {
    const id = reader.compactString() ?? '';
    reader.compactString();
    reader.compactString();
    reader.int32();
    const clientId = reader.compactString() ?? '';
    const host = reader.compactString() ?? '';
    reader.compactArray(() => reader.compactString());
    reader.compactString();
    const assignment = readTopicPartitions(reader);
    readTopicPartitions(reader);
    return { id, clientId, host, assignment };
  });
}

/** ShareGroupDescribe v1: share groups (KIP-932). */
export function shareGroupDescribeRequest(groups: string[]): WireRequest<DescribedGroup[]> {
  return describeRequest(77, 1, 'ShareGroupDescribe', groups, (reader) => {
    const id = reader.compactString() ?? '';
    reader.compactString();
    reader.int32();
    const clientId = reader.compactString() ?? '';
    const host = reader.compactString() ?? '';
    reader.compactArray(() => reader.compactString());
    return { id, clientId, host, assignment: readTopicPartitions(reader) };
  });
}

/** DescribeShareGroupOffsets v0: the oldest record of each partition that a share group has not acknowledged. */
export function shareGroupOffsetsRequest(groups: string[]): WireRequest<OffsetFetchAnswer[]> {
  const body = new WireWriter().noTags();
  body.compactArray(groups, (group) =>
    body
      .compactString(group)
      .compactArray(null, () => undefined)
      .noTags(),
  );
  return {
    apiKey: 90,
    apiVersion: 0,
    apiName: 'DescribeShareGroupOffsets',
    body: body.noTags().toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const group = reader.compactString() ?? '';
        const positions = reader
          .compactArray(() => {
            const topic = reader.compactString() ?? '';
            reader.uuid();
            const list = reader.compactArray(() => {
              const partition = reader.int32();
              const offset = reader.int64();
              reader.int32();
              const error = reader.int16();
              reader.compactString();
              reader.skipTags();
              return { topic, partition, offset, error };
            });
            reader.skipTags();
            return list;
          })
          .flat();
        const error = reader.int16();
        reader.compactString();
        reader.skipTags();
        return { group, error, positions };
      });
    },
  };
}

/** The two describe requests differ in their members alone. */
function describeRequest(
  apiKey: number,
  apiVersion: number,
  apiName: string,
  groups: string[],
  readMember: (reader: WireReader) => DescribedMember,
): WireRequest<DescribedGroup[]> {
  const body = new WireWriter().noTags();
  body.compactArray(groups, (group) => body.compactString(group));
  return {
    apiKey,
    apiVersion,
    apiName,
    body: body.int8(0).noTags().toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const error = reader.int16();
        reader.compactString();
        const name = reader.compactString() ?? '';
        const state = reader.compactString() ?? '';
        reader.int32();
        reader.int32();
        reader.compactString();
        const members = reader.compactArray(() => {
          const member = readMember(reader);
          reader.skipTags();
          return { ...member, host: member.host.replace(/^\//, '') };
        });
        reader.int32();
        reader.skipTags();
        return { name, error, state, members };
      });
    },
  };
}

function readTopicPartitions(reader: WireReader): { topic: string; partitions: number[] }[] {
  const held = reader.compactArray(() => {
    reader.uuid();
    const topic = reader.compactString() ?? '';
    const partitions = reader.compactArray(() => reader.int32());
    reader.skipTags();
    return { topic, partitions };
  });
  reader.skipTags();
  return held;
}
