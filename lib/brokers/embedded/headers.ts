import type { RecordHeader } from '@/lib/brokers/broker';

/** Headers as JSON text of [name, base64 or null]: keeps order, repetitions, null, and every byte. */
export function encodeHeaders(headers: readonly RecordHeader[]): string {
  return JSON.stringify(headers.map(([name, value]) => [name, value === null ? null : value.toString('base64')]));
}

/** The reverse of `encodeHeaders`. */
export function decodeHeaders(text: string): RecordHeader[] {
  return (JSON.parse(text) as [string, string | null][]).map(([name, value]) => [
    name,
    value === null ? null : Buffer.from(value, 'base64'),
  ]);
}
