import { WireReader } from '@/lib/kafka-client/wire/bytes';

/**
 * Reads what a member of a classic group holds, from the bytes of the consumer protocol (version, topics with
 * partitions, user data). Members of other protocols have other bytes, which are ignored.
 */
export function readAssignment(bytes: Buffer): { topic: string; partitions: number[] }[] {
  if (bytes.length === 0) return [];
  try {
    const reader = new WireReader(bytes);
    reader.int16();
    return reader.array(() => ({
      topic: reader.string() ?? '',
      partitions: reader.array(() => reader.int32()),
    }));
  } catch {
    return [];
  }
}
