import { route } from '@/lib/http/route';
import { tryNow } from '@/lib/operations/workers/try-now';

export const POST = route('POST /api/workers/try-now', { operation: tryNow, status: 202 });
