/** A header's name and bytes; names may repeat and keep their order. */
export type HeaderPair = [name: string, value: Buffer | null];

/** Headers as JSON text of [name, base64 or null]: keeps order, repetitions, null, and every byte. */
export function encodeHeaders(headers: readonly HeaderPair[]): string {
  return JSON.stringify(
    headers.map(([name, value]) => [name, value === null ? null : value.toString('base64')]),
  );
}

/** The reverse of `encodeHeaders`. */
export function decodeHeaders(text: string): HeaderPair[] {
  return (JSON.parse(text) as [string, string | null][]).map(([name, value]) => [
    name,
    value === null ? null : Buffer.from(value, 'base64'),
  ]);
}
