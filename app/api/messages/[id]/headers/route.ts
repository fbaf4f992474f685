import { route } from '@/lib/http/route';
import { readHeaders } from '@/lib/operations/messages/read-payload';

export const GET = route({ operation: readHeaders, input: ({ params }) => ({ id: params.id }) });
