import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

/** What became of one topic of a request; the message is the broker's own sentence, where it gives one. */
export interface TopicResult {
  topic: string;
  error: number;
  message: string | null;
}

/**
 * CreateTopics v5, with the broker's default replication.
 * @param validateOnly makes the broker check the request without creating anything
 */
export function createTopicsRequest(
  topics: { name: string; partitions: number }[],
  timeoutMs: number,
  validateOnly = false,
): WireRequest<TopicResult[]> {
  return {
    apiKey: 19,
    apiName: 'CreateTopics',
    least: 5,
    most: 5,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray(topics, ({ name, partitions }) => {
        body.compactString(name).int32(partitions).int16(-1);
        body
          .compactArray([], () => undefined)
          .compactArray([], () => undefined)
          .noTags();
      });
      return body
        .int32(timeoutMs)
        .int8(validateOnly ? 1 : 0)
        .noTags()
        .toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const topic = reader.compactString() ?? '';
        const error = reader.int16();
        const message = reader.compactString();
        reader.int32();
        reader.int16();
        reader.compactArray(() => {
          reader.compactString();
          reader.compactString();
          for (let field = 0; field < 3; field += 1) reader.int8();
          reader.skipTags();
        });
        reader.skipTags();
        return { topic, error, message };
      });
    },
  };
}

/** DeleteTopics v5. */
export function deleteTopicsRequest(topics: string[], timeoutMs: number): WireRequest<TopicResult[]> {
  return {
    apiKey: 20,
    apiName: 'DeleteTopics',
    least: 5,
    most: 5,
    write() {
      const body = new WireWriter().noTags();
      return body
        .compactArray(topics, (topic) => body.compactString(topic))
        .int32(timeoutMs)
        .noTags()
        .toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const topic = reader.compactString() ?? '';
        const error = reader.int16();
        const message = reader.compactString();
        reader.skipTags();
        return { topic, error, message };
      });
    },
  };
}

/** ConfigResource.Type.TOPIC. */
const TOPIC = 2;

export interface ConfigAnswer extends TopicResult {
  values: Map<string, string | null>;
}

/** DescribeConfigs v4: settings of topics, by their names. */
export function topicConfigsRequest(
  topics: string[],
  settings: readonly string[],
): WireRequest<ConfigAnswer[]> {
  return {
    apiKey: 32,
    apiName: 'DescribeConfigs',
    least: 4,
    most: 4,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray(topics, (topic) =>
        body
          .int8(TOPIC)
          .compactString(topic)
          .compactArray(settings, (name) => body.compactString(name))
          .noTags(),
      );
      return body.int8(0).int8(0).noTags().toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      return reader.compactArray(() => {
        const error = reader.int16();
        const message = reader.compactString();
        reader.int8();
        const topic = reader.compactString() ?? '';
        const entries = reader.compactArray(() => {
          const entry = [reader.compactString() ?? '', reader.compactString()] as const;
          for (let field = 0; field < 3; field += 1) reader.int8();
          reader.compactArray(() => {
            reader.compactString();
            reader.compactString();
            reader.int8();
            reader.skipTags();
          });
          reader.int8();
          reader.compactString();
          reader.skipTags();
          return entry;
        });
        reader.skipTags();
        return { topic, error, message, values: new Map(entries) };
      });
    },
  };
}
