import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from './key-hash';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the partition of a key', () => {
  // The values of Kafka's own UtilsTest.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('%s hashes as on Kafka', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });

  it('is the one that kafkajs sends the key to', () => {
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({ partitionId, leader: 1 }));
    const choose = Partitioners.DefaultPartitioner();
    for (const text of ['', 'a', 'ab', 'order-1148', '订单', '😀', 'x'.repeat(1_000)]) {
      const message = { key: Buffer.from(text), value: null };
      expect(partitionOfKey(bytes(text), 7), text).toBe(
        choose({ topic: 't', partitionMetadata: partitionMetadata as never, message }),
      );
    }
  });

  // Vectors of draft-eastlake-fnv, appendix C.
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of %j stays that of release 0.1 on topics of that release', (text, hash) => {
    expect(partitionOfKey(bytes(text), 1_000_003, 'fnv1a')).toBe(hash % 1_000_003);
  });
});
