import { route } from '@/lib/http/route';
import { readLag } from '@/lib/operations/groups/read-lag';

export const GET = route({
  operation: readLag,
  input: ({ params, url }) => {
    const [topic, from, to] = ['topic', 'from', 'to'].map((name) => url.searchParams.get(name));
    return {
      name: params.name,
      minutes: Number(url.searchParams.get('minutes') ?? 60),
      ...(topic ? { topic } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    };
  },
});
