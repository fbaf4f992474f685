import { listQuery } from '@/lib/http/list-query';
import { route } from '@/lib/http/route';
import { messageHistogram } from '@/lib/operations/messages/histogram';

export const GET = route({ operation: messageHistogram, input: ({ url }) => listQuery(url) });
