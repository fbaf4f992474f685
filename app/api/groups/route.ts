import { route } from '@/lib/http/route';
import { listGroups } from '@/lib/operations/groups/list';

export const GET = route('GET /api/groups', { operation: listGroups });
