import { route } from '@/lib/http/route';
import { listAllMessages } from '@/lib/operations/messages/list';

export const GET = route({
  operation: listAllMessages,
  input: ({ url }) => {
    const { status, limit, ...rest } = Object.fromEntries(url.searchParams);
    return {
      ...rest,
      ...(status ? { status: status.split(',') } : {}),
      ...(limit ? { limit: Number(limit) } : {}),
    };
  },
});
