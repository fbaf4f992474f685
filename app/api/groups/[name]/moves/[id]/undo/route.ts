import { route } from '@/lib/http/route';
import { undoMove } from '@/lib/operations/groups/undo-move';

export const POST = route('POST /api/groups/{name}/moves/{id}/undo', { operation: undoMove, status: 202 });
