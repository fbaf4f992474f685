import { route } from '@/lib/http/route';
import { movePositions } from '@/lib/operations/groups/move-positions';

export const POST = route('POST /api/groups/{name}/moves', { operation: movePositions, status: 202 });
