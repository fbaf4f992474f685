import { formsOf, readQuery } from '@/lib/http/request-input';
import { route } from '@/lib/http/route';
import { browseTopic } from '@/lib/operations/topics/browse';

export const GET = route('GET /api/topics/{name}/browse', {
  operation: browseTopic,
  input: ({ params, url }) => {
    const { after, ...query } = readQuery(url.searchParams, formsOf(browseTopic.input));
    return { ...query, ...params, ...(typeof after === 'string' ? { after: offsetsOf(after) } : {}) };
  },
});

/** `0:12,1:40` as offsets by partition. */
function offsetsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [partition = '', offset = ''] = part.split(':');
      return [partition, offset];
    }),
  );
}
