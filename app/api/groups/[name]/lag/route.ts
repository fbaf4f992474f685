import { route } from '@/lib/http/route';
import { readLag } from '@/lib/operations/groups/read-lag';

export const GET = route({
  operation: readLag,
  input: ({ params, url }) => {
    const topic = url.searchParams.get('topic');
    return {
      name: params.name,
      minutes: Number(url.searchParams.get('minutes') ?? 60),
      ...(topic ? { topic } : {}),
    };
  },
});
