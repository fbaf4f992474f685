import { route } from '@/lib/http/route';
import { acknowledgeGroupLosses } from '@/lib/operations/groups/acknowledge-losses';

export const POST = route('POST /api/groups/{name}/losses', { operation: acknowledgeGroupLosses });
