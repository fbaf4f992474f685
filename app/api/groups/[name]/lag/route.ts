import { route } from '@/lib/http/route';
import { readLag } from '@/lib/operations/groups/read-lag';

export const GET = route('GET /api/groups/{name}/lag', { operation: readLag });
