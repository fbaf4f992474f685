import { route } from '@/lib/http/route';
import { overviewNow } from '@/lib/operations/overview/now';

export const GET = route('GET /api/overview', { operation: overviewNow });
