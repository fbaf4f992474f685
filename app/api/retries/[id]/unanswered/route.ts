import { route } from '@/lib/http/route';
import { closeUnansweredItems } from '@/lib/operations/retries/decide-held';

export const POST = route({ operation: closeUnansweredItems, input: ({ params }) => ({ id: params.id }) });
