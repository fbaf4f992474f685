import { createHash } from 'node:crypto';

/** The first 16 bytes of SHA-256 as the text of a UUID. */
export function digestOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
