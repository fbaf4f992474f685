import { route } from '@/lib/http/route';
import { closeUnansweredItems } from '@/lib/operations/retries/decide-held';

export const POST = route('POST /api/retries/{id}/unanswered', { operation: closeUnansweredItems });
