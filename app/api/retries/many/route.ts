import { route } from '@/lib/http/route';
import { createRetry } from '@/lib/operations/retries/create';

export const POST = route('POST /api/retries/many', { operation: createRetry, status: 202 });
