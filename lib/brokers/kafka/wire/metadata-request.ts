import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

export interface MetadataAnswer {
  clusterId: string | null;
  brokers: { nodeId: number; host: string; port: number; rack: string | null }[];
  topics: {
    error: number;
    name: string;
    id: string;
    isInternal: boolean;
    partitions: { index: number; error: number; leader: number; replicas: number[] }[];
    /** Operations that Courier is authorized for, as bits; see `rights.ts`. Smallest integer where it was not asked. */
    rights: number;
  }[];
}

const NO_ID = Buffer.alloc(16);

/** Metadata v11 to v12: brokers and topics with ids. `null` asks for all topics. Never creates one. */
export function metadataRequest(topics: string[] | null, withRights = false): WireRequest<MetadataAnswer> {
  return {
    apiKey: 3,
    apiName: 'Metadata',
    least: 11,
    most: 12,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray(topics, (name) => body.bytes(NO_ID).compactString(name).noTags());
      return body
        .int8(0)
        .int8(withRights ? 1 : 0)
        .noTags()
        .toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      const brokers = reader.compactArray(() => {
        const broker = {
          nodeId: reader.int32(),
          host: reader.compactString() ?? '',
          port: reader.int32(),
          rack: reader.compactString(),
        };
        reader.skipTags();
        return broker;
      });
      const clusterId = reader.compactString();
      reader.int32();
      const found = reader.compactArray(() => {
        const topic = {
          error: reader.int16(),
          name: reader.compactString() ?? '',
          id: reader.uuid(),
          isInternal: reader.int8() !== 0,
        };
        const partitions = reader.compactArray(() => {
          const partition = { error: reader.int16(), index: reader.int32(), leader: reader.int32() };
          reader.int32();
          const replicas = reader.compactArray(() => reader.int32());
          for (let list = 0; list < 2; list += 1) reader.compactArray(() => reader.int32());
          reader.skipTags();
          return { ...partition, replicas };
        });
        const rights = reader.int32();
        reader.skipTags();
        return { ...topic, partitions, rights };
      });
      reader.skipTags();
      return { clusterId, brokers, topics: found };
    },
  };
}
