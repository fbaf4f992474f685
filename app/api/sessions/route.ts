import { route } from '@/lib/http/route';
import { listOwnSessions } from '@/lib/operations/sessions/list';

export const GET = route('GET /api/sessions', { operation: listOwnSessions });
