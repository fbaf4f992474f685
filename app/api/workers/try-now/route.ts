import { route } from '@/lib/http/route';
import { tryNow } from '@/lib/operations/workers/try-now';

export const POST = route({ operation: tryNow, input: (_call, body) => body, status: 202 });
