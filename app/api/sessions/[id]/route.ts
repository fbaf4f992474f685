import { route } from '@/lib/http/route';
import { endOwnSession } from '@/lib/operations/sessions/list';

export const DELETE = route('DELETE /api/sessions/{id}', { operation: endOwnSession });
