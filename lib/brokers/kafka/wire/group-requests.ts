import { WireWriter, type WireReader } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

export interface CoordinatorAnswer {
  group: string;
  nodeId: number;
  error: number;
}

/** FindCoordinator v4 for many groups at once. */
export function findCoordinatorsRequest(groups: string[]): WireRequest<CoordinatorAnswer[]> {
  return {
    apiKey: 10,
    apiName: 'FindCoordinator',
    least: 4,
    most: 4,
    write() {
      const body = new WireWriter().noTags().int8(0);
      return body
        .compactArray(groups, (group) => body.compactString(group))
        .noTags()
        .toBuffer();
    },
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

/** FindCoordinator v3, for one group: Kafka before 3.0 does not support v4. */
export function findCoordinatorRequest(group: string): WireRequest<CoordinatorAnswer[]> {
  return {
    apiKey: 10,
    apiName: 'FindCoordinator',
    least: 3,
    most: 3,
    write: () => new WireWriter().noTags().compactString(group).int8(0).noTags().toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      const error = reader.int16();
      reader.compactString();
      return [{ group, nodeId: reader.int32(), error }];
    },
  };
}

export interface OffsetFetchAnswer {
  group: string;
  error: number;
  /** `lag`: of share groups; null where the broker does not count it. */
  positions: { topic: string; partition: number; offset: bigint; error: number; lag?: bigint | null }[];
}

/** OffsetFetch v8: every committed position of up to 50 groups of one coordinator. */
export function offsetFetchRequest(groups: string[]): WireRequest<OffsetFetchAnswer[]> {
  return {
    apiKey: 9,
    apiName: 'OffsetFetch',
    least: 8,
    most: 8,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray(groups, (group) =>
        body
          .compactString(group)
          .compactArray(null, () => undefined)
          .noTags(),
      );
      return body.int8(0).noTags().toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const group = reader.compactString() ?? '';
        const positions = readCommitted(reader);
        const error = reader.int16();
        reader.skipTags();
        return { group, error, positions };
      });
    },
  };
}

/** OffsetFetch v7, for one group: Kafka before 3.0 does not support v8. */
export function groupOffsetsRequest(group: string): WireRequest<OffsetFetchAnswer[]> {
  return {
    apiKey: 9,
    apiName: 'OffsetFetch',
    least: 7,
    most: 7,
    write: () =>
      new WireWriter()
        .noTags()
        .compactString(group)
        .compactArray(null, () => undefined)
        .int8(0)
        .noTags()
        .toBuffer(),
    read(reader) {
      reader.skipTags();
      reader.int32();
      const positions = readCommitted(reader);
      return [{ group, error: reader.int16(), positions }];
    },
  };
}

function readCommitted(reader: WireReader): OffsetFetchAnswer['positions'] {
  return reader
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
}

export interface ListedGroup {
  name: string;
  protocolType: string;
  state: string;
  /** In lower case; null for brokers before 3.8, which do not return it. */
  type: string | null;
}

/** ListGroups v4 to v5: the groups that one broker coordinates. */
export function listGroupsRequest(): WireRequest<{ error: number; groups: ListedGroup[] }> {
  return {
    apiKey: 16,
    apiName: 'ListGroups',
    least: 4,
    most: 5,
    write(version) {
      const body = new WireWriter().noTags().compactArray([], () => undefined);
      if (version >= 5) body.compactArray([], () => undefined);
      return body.noTags().toBuffer();
    },
    read(reader, version) {
      reader.skipTags();
      reader.int32();
      const error = reader.int16();
      const groups = reader.compactArray(() => {
        const group = {
          name: reader.compactString() ?? '',
          protocolType: reader.compactString() ?? '',
          state: reader.compactString() ?? '',
          type: version >= 5 ? (reader.compactString() ?? '').toLowerCase() : null,
        };
        reader.skipTags();
        return group;
      });
      return { error, groups };
    },
  };
}

/**
 * DescribeShareGroupOffsets v0 to v1: the oldest record of each partition that a share group has not acknowledged, and since v1
 * (KIP-1226) how many there are.
 */
export function shareGroupOffsetsRequest(groups: string[]): WireRequest<OffsetFetchAnswer[]> {
  return {
    apiKey: 90,
    apiName: 'DescribeShareGroupOffsets',
    least: 0,
    most: 1,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray(groups, (group) =>
        body
          .compactString(group)
          .compactArray(null, () => undefined)
          .noTags(),
      );
      return body.noTags().toBuffer();
    },
    read(reader, version) {
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
              const lag = version >= 1 ? reader.int64() : null;
              const error = reader.int16();
              reader.compactString();
              reader.skipTags();
              return { topic, partition, offset, error, lag };
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
