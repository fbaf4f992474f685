import { route } from '@/lib/http/route';
import { getGroup } from '@/lib/operations/groups/get';

export const GET = route('GET /api/groups/{name}', { operation: getGroup });
