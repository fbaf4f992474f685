import { route } from '@/lib/http/route';
import { listFailures } from '@/lib/operations/failures/list';

export const GET = route('GET /api/failures', { operation: listFailures });
