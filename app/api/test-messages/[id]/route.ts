import { route } from '@/lib/http/route';
import { getTest } from '@/lib/operations/topics/get-test';

export const GET = route('GET /api/test-messages/{id}', { operation: getTest });
