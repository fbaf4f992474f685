/**
 * An answer that the browser stores as a file and never shows, written while it is made.
 * @param parts texts or bytes, one after the other
 * @param type without a character set for what is no text
 */
export function attachment(
  parts: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  name: string,
  type: string,
): Response {
  const encoder = new TextEncoder();
  const iterator = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(typeof next.value === 'string' ? encoder.encode(next.value) : next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': type.startsWith('application/octet') ? type : `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
