import { route } from '@/lib/http/route';
import { browseTopic } from '@/lib/operations/topics/browse';

export const GET = route({
  operation: browseTopic,
  input: ({ params, url }) => {
    const { partition, after, ...rest } = Object.fromEntries(url.searchParams);
    return {
      ...rest,
      name: params.name,
      ...(partition ? { partition: Number(partition) } : {}),
      ...(after ? { after: offsetsOf(after) } : {}),
    };
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
