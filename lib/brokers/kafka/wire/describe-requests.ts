import { WireWriter, type WireReader } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';
import { readAssignment } from '../assignment';

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

/** DescribeGroups v5: groups of the classic protocol. */
export function describeGroupsRequest(groups: string[]): WireRequest<DescribedGroup[]> {
  return {
    apiKey: 15,
    apiName: 'DescribeGroups',
    least: 5,
    most: 5,
    write: () => writeGroups(groups),
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const error = reader.int16();
        const name = reader.compactString() ?? '';
        const state = reader.compactString() ?? '';
        reader.compactString();
        reader.compactString();
        const members = reader.compactArray(() => {
          const id = reader.compactString() ?? '';
          reader.compactString();
          const clientId = reader.compactString() ?? '';
          const host = (reader.compactString() ?? '').replace(/^\//, '');
          reader.compactBytes();
          const assignment = readAssignment(reader.compactBytes() ?? Buffer.alloc(0));
          reader.skipTags();
          return { id, clientId, host, assignment };
        });
        reader.int32();
        reader.skipTags();
        return { name, error, state, members };
      });
    },
  };
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

/** StreamsGroupDescribe v0 (KIP-1071): a member holds the partitions of every topic that its tasks read. */
export function streamsGroupDescribeRequest(groups: string[]): WireRequest<DescribedGroup[]> {
  return {
    apiKey: 89,
    apiName: 'StreamsGroupDescribe',
    least: 0,
    most: 0,
    write: () => writeGroups(groups),
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
        const topics = readNullable(reader, readTopology) ?? new Map<string, string[]>();
        const members = reader.compactArray(() => readStreamsMember(reader, topics));
        reader.int32();
        reader.skipTags();
        return { name, error, state, members };
      });
    },
  };
}

/** A structure that may be null has a byte before it, negative where it is. */
function readNullable<T>(reader: WireReader, read: (reader: WireReader) => T): T | null {
  return reader.int8() < 0 ? null : read(reader);
}

/** Topics that each subtopology reads, by its id. */
function readTopology(reader: WireReader): Map<string, string[]> {
  reader.int32();
  const subtopologies = reader.compactArray(() => {
    const id = reader.compactString() ?? '';
    const sources = reader.compactArray(() => reader.compactString() ?? '');
    reader.compactArray(() => reader.compactString());
    readTopicInfos(reader);
    const repartitioned = readTopicInfos(reader);
    reader.skipTags();
    return [id, [...sources, ...repartitioned]] as const;
  });
  reader.skipTags();
  return new Map<string, string[]>(subtopologies.map(([id, topics]) => [id, [...topics]]));
}

function readTopicInfos(reader: WireReader): string[] {
  return reader.compactArray(() => {
    const name = reader.compactString() ?? '';
    reader.int32();
    reader.int16();
    reader.compactArray(() => {
      reader.compactString();
      reader.compactString();
      reader.skipTags();
    });
    reader.skipTags();
    return name;
  });
}

function readStreamsMember(reader: WireReader, topics: ReadonlyMap<string, string[]>): DescribedMember {
  const id = reader.compactString() ?? '';
  reader.int32();
  reader.compactString();
  reader.compactString();
  const clientId = reader.compactString() ?? '';
  const host = (reader.compactString() ?? '').replace(/^\//, '');
  reader.int32();
  reader.compactString();
  readNullable(reader, () => {
    reader.compactString();
    reader.int16();
    reader.skipTags();
  });
  reader.compactArray(() => {
    reader.compactString();
    reader.compactString();
    reader.skipTags();
  });
  for (let offsets = 0; offsets < 2; offsets += 1)
    reader.compactArray(() => {
      reader.compactString();
      reader.int32();
      reader.int64();
      reader.skipTags();
    });
  const [active] = [readTasks(reader), readTasks(reader)];
  reader.int8();
  reader.skipTags();
  const assignment = active.flatMap(({ subtopology, partitions }) =>
    (topics.get(subtopology) ?? []).map((topic) => ({ topic, partitions })),
  );
  return { id, clientId, host, assignment };
}

/** Active tasks; standby and warm-up tasks read no topic for the group. */
function readTasks(reader: WireReader): { subtopology: string; partitions: number[] }[] {
  const read = () =>
    reader.compactArray(() => {
      const subtopology = reader.compactString() ?? '';
      const partitions = reader.compactArray(() => reader.int32());
      reader.skipTags();
      return { subtopology, partitions };
    });
  const active = read();
  read();
  read();
  reader.skipTags();
  return active;
}

/** The describe requests of consumer and share groups differ in their members alone. */
function describeRequest(
  apiKey: number,
  apiVersion: number,
  apiName: string,
  groups: string[],
  readMember: (reader: WireReader) => DescribedMember,
): WireRequest<DescribedGroup[]> {
  return {
    apiKey,
    apiName,
    least: apiVersion,
    most: apiVersion,
    write: () => writeGroups(groups),
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

/** Names of groups, without asking for the authorized operations. */
function writeGroups(groups: string[]): Buffer {
  const body = new WireWriter().noTags();
  return body
    .compactArray(groups, (group) => body.compactString(group))
    .int8(0)
    .noTags()
    .toBuffer();
}
