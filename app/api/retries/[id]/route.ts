import { route } from '@/lib/http/route';
import { getRetry } from '@/lib/operations/retries/get';

export const GET = route('GET /api/retries/{id}', { operation: getRetry });
