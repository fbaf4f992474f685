import { route } from '@/lib/http/route';
import { endOwnSession } from '@/lib/operations/sessions/list';

export const DELETE = route({ operation: endOwnSession, input: ({ params }) => ({ id: params.id }) });
