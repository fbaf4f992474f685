import { route } from '@/lib/http/route';
import { readPayload } from '@/lib/operations/messages/read-payload';

export const GET = route({ operation: readPayload, input: ({ params }) => ({ id: params.id }) });
