import { WireWriter } from '@/lib/kafka-client/wire/bytes';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

/** A producer that wrote to a partition lately. */
export interface ActiveProducer {
  producerId: bigint;
  /** First offset of its open transaction on the partition; -1: none is open. */
  startOffset: bigint;
}

/** DescribeProducers v0 (KIP-664), to the leader of a partition. It requires the right to read the topic. */
export function describeProducersRequest(
  topic: string,
  partition: number,
): WireRequest<{ error: number; producers: ActiveProducer[] }> {
  return {
    apiKey: 61,
    apiName: 'DescribeProducers',
    least: 0,
    most: 0,
    write() {
      const body = new WireWriter().noTags();
      body.compactArray([topic], (name) => {
        body.compactString(name);
        body.compactArray([partition], (index) => body.int32(index)).noTags();
      });
      return body.noTags().toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      const [answer] = reader
        .compactArray(() => {
          reader.compactString();
          const partitions = reader.compactArray(() => {
            reader.int32();
            const error = reader.int16();
            reader.compactString();
            const producers = reader.compactArray(() => {
              const producerId = reader.int64();
              reader.int32();
              reader.int32();
              reader.int64();
              reader.int32();
              const startOffset = reader.int64();
              reader.skipTags();
              return { producerId, startOffset };
            });
            reader.skipTags();
            return { error, producers };
          });
          reader.skipTags();
          return partitions;
        })
        .flat();
      return answer ?? { error: 0, producers: [] };
    },
  };
}

/** ListTransactions v0 (KIP-664): the ids of transactions of a producer that this broker coordinates. */
export function listTransactionsRequest(producerId: bigint): WireRequest<{ transactionalIds: string[] }> {
  return {
    apiKey: 66,
    apiName: 'ListTransactions',
    least: 0,
    most: 0,
    write() {
      const body = new WireWriter().noTags().compactArray([], () => undefined);
      return body
        .compactArray([producerId], (id) => body.int64(id))
        .noTags()
        .toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      reader.int16();
      reader.compactArray(() => reader.compactString());
      const transactionalIds = reader.compactArray(() => {
        const id = reader.compactString() ?? '';
        reader.int64();
        reader.compactString();
        reader.skipTags();
        return id;
      });
      return { transactionalIds };
    },
  };
}

export interface DescribedTransaction {
  error: number;
  transactionalId: string;
  timeoutMs: number;
  /** Milliseconds since 1970; -1: none is open. */
  startedAt: number;
}

/** DescribeTransactions v0 (KIP-664), to the broker that coordinates the transaction. */
export function describeTransactionRequest(
  transactionalId: string,
): WireRequest<DescribedTransaction | null> {
  return {
    apiKey: 65,
    apiName: 'DescribeTransactions',
    least: 0,
    most: 0,
    write() {
      const body = new WireWriter().noTags();
      return body
        .compactArray([transactionalId], (id) => body.compactString(id))
        .noTags()
        .toBuffer();
    },
    read(reader) {
      reader.skipTags();
      reader.int32();
      const [answer] = reader.compactArray(() => {
        const error = reader.int16();
        const id = reader.compactString() ?? '';
        reader.compactString();
        const timeoutMs = reader.int32();
        const startedAt = Number(reader.int64());
        reader.int64();
        reader.int16();
        reader.compactArray(() => {
          reader.compactString();
          reader.compactArray(() => reader.int32());
          reader.skipTags();
        });
        reader.skipTags();
        return { error, transactionalId: id, timeoutMs, startedAt };
      });
      return answer ?? null;
    },
  };
}
