import { groupBy } from '@/lib/values/group-by';
import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

export interface LogSize {
  topic: string;
  partition: number;
  bytes: number;
}

/** DescribeLogDirs v2 to v4: the sizes of the logs of one broker. It requires the right to describe the cluster. */
export function logDirsRequest(
  partitions: readonly { topic: string; partition: number }[],
): WireRequest<{ error: number; sizes: LogSize[] }> {
  return {
    apiKey: 35,
    apiName: 'DescribeLogDirs',
    least: 2,
    most: 4,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray([...groupBy(partitions, ({ topic }) => topic)], ([topic, list]) => {
        body.compactString(topic);
        body.compactArray(list, ({ partition }) => body.int32(partition)).noTags();
      });
      return body.noTags().toBuffer();
    },
    read(reader, version) {
      reader.skipTags();
      reader.int32();
      let error = version >= 3 ? reader.int16() : 0;
      const sizes = reader
        .compactArray(() => {
          error ||= reader.int16();
          reader.compactString();
          const topics = reader.compactArray(() => {
            const topic = reader.compactString() ?? '';
            const list = reader.compactArray(() => {
              const size = { topic, partition: reader.int32(), bytes: Number(reader.int64()) };
              reader.int64();
              // A replica that moves to another disk is not the log yet.
              const isFuture = reader.int8() !== 0;
              reader.skipTags();
              return isFuture ? [] : [size];
            });
            reader.skipTags();
            return list.flat();
          });
          if (version >= 4) {
            reader.int64();
            reader.int64();
          }
          reader.skipTags();
          return topics.flat();
        })
        .flat();
      return { error, sizes };
    },
  };
}
