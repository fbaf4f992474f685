import { groupBy } from '@/lib/values/group-by';
import { WireWriter, type WireReader } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

export interface NewPosition {
  topic: string;
  partition: number;
  offset: bigint;
}

/** What became of one position; `error` is a code of Kafka. */
export interface CommittedAnswer {
  topic: string;
  partition: number;
  error: number;
}

/**
 * OffsetCommit v8 to v9 (which have the same form) without membership: a coordinator refuses it while the group has members,
 * whichever protocol they joined by.
 */
export function commitPositionsRequest(
  group: string,
  to: readonly NewPosition[],
): WireRequest<CommittedAnswer[]> {
  return {
    apiKey: 8,
    apiName: 'OffsetCommit',
    least: 8,
    most: 9,
    write() {
      const body = new WireWriter()
        .noTags()
        .compactString(group)
        .int32(-1)
        .compactString('')
        .compactString(null);
      body.compactArray([...groupBy(to, ({ topic }) => topic)], ([topic, list]) => {
        body.compactString(topic);
        body
          .compactArray(list, ({ partition, offset }) =>
            body.int32(partition).int64(offset).int32(-1).compactString('').noTags(),
          )
          .noTags();
      });
      return body.noTags().toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      return readTopics(reader, () => {
        const answer = { partition: reader.int32(), error: reader.int16() };
        reader.skipTags();
        return answer;
      });
    },
  };
}

/** AlterShareGroupOffsets v0 (KIP-932): the first records that a share group without members is given next. */
export function alterShareOffsetsRequest(
  group: string,
  to: readonly NewPosition[],
): WireRequest<{ error: number; positions: CommittedAnswer[] }> {
  return {
    apiKey: 91,
    apiName: 'AlterShareGroupOffsets',
    least: 0,
    most: 0,
    write() {
      const body = new WireWriter().noTags().compactString(group);
      body.compactArray([...groupBy(to, ({ topic }) => topic)], ([topic, list]) => {
        body.compactString(topic);
        body
          .compactArray(list, ({ partition, offset }) => body.int32(partition).int64(offset).noTags())
          .noTags();
      });
      return body.noTags().toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      const error = reader.int16();
      reader.compactString();
      const positions = readTopics(
        reader,
        () => {
          const answer = { partition: reader.int32(), error: reader.int16() };
          reader.compactString();
          reader.skipTags();
          return answer;
        },
        () => reader.uuid(),
      );
      return { error, positions };
    },
  };
}

function readTopics(
  reader: WireReader,
  readPartition: () => Omit<CommittedAnswer, 'topic'>,
  readId: () => unknown = () => undefined,
): CommittedAnswer[] {
  return reader
    .compactArray(() => {
      const topic = reader.compactString() ?? '';
      readId();
      const list = reader.compactArray(() => ({ topic, ...readPartition() }));
      reader.skipTags();
      return list;
    })
    .flat();
}
