import { listQuery } from '@/lib/http/list-query';
import { route } from '@/lib/http/route';
import { listAllMessages } from '@/lib/operations/messages/list';

export const GET = route({ operation: listAllMessages, input: ({ url }) => listQuery(url) });
