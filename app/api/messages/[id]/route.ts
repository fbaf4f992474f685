import { route } from '@/lib/http/route';
import { getMessage } from '@/lib/operations/messages/get';

export const GET = route({ operation: getMessage, input: ({ params }) => ({ id: params.id }) });
