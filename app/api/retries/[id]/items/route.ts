import { route } from '@/lib/http/route';
import { listRetryItems } from '@/lib/operations/retries/items';

export const GET = route('GET /api/retries/{id}/items', { operation: listRetryItems });
