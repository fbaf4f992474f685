import { route } from '@/lib/http/route';
import { checkConnection } from '@/lib/operations/settings/check';

export const GET = route('GET /api/settings/check', { operation: checkConnection });
