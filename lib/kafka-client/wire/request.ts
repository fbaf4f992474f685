import type { WireReader } from './bytes';

/** One request of Kafka's protocol, in the versions that it can be written in, with the reader of its answer. */
export interface WireRequest<T> {
  apiKey: number;
  apiName: string;
  /** Lowest and highest version that `write` and `read` support. */
  least: number;
  most: number;
  /** The bytes after the correlation id and the client id; of a flexible version they begin with the header's tags. */
  write(version: number): Buffer;
  read(reader: WireReader, version: number): T;
}
