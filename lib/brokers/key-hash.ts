/** How a key chooses its partition: by Kafka's hash, or by that of embedded topics that release 0.1 made. */
export type KeyHash = 'murmur2' | 'fnv1a';

/** The partition of a key. @param partitions how many there are, at least one */
export function partitionOfKey(key: Uint8Array, partitions: number, hash: KeyHash = 'murmur2'): number {
  return (hash === 'murmur2' ? murmur2(key) & 0x7fffffff : fnv1a(key)) % partitions;
}

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** MurmurHash2 as Kafka's default partitioner computes it (KIP-480, `org.apache.kafka.common.utils.Utils`). @returns 32 bits, signed */
export function murmur2(bytes: Uint8Array): number {
  let hash = SEED ^ bytes.length;
  const whole = bytes.length - (bytes.length % 4);
  const at = (index: number) => bytes[index] ?? 0;
  for (let index = 0; index < whole; index += 4) {
    let word = at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  const rest = bytes.length - whole;
  if (rest > 0) {
    let word = 0;
    for (let index = rest - 1; index >= 0; index -= 1) word = (word << 8) | at(whole + index);
    hash = Math.imul(hash ^ word, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
