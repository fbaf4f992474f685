import { route } from '@/lib/http/route';
import { listTopics } from '@/lib/operations/topics/list';

export const GET = route({
  operation: listTopics,
  input: ({ url }) => ({ internal: url.searchParams.get('internal') === 'true' }),
});
