import { route } from '@/lib/http/route';
import { listRetryItems } from '@/lib/operations/retries/items';

export const GET = route({
  operation: listRetryItems,
  input: ({ params, url }) => {
    const states = url.searchParams.get('states');
    const after = url.searchParams.get('after');
    return {
      id: params.id,
      ...(states ? { states: states.split(',') } : {}),
      ...(after ? { after } : {}),
    };
  },
});
