import { route } from '@/lib/http/route';
import { createRetry } from '@/lib/operations/retries/create';
import { listAllRetries } from '@/lib/operations/retries/list';

/** One message is a selection of one. */
export const POST = route('POST /api/retries', {
  operation: createRetry,
  input: ({ request }, body) => {
    const { messageId, groups, ...rest } = Object(body) as Record<string, unknown>;
    const key = request.headers.get('idempotency-key');
    return { ...rest, selected: { messageId, groups }, ...(key === null ? {} : { idempotencyKey: key }) };
  },
  status: 202,
});

export const GET = route('GET /api/retries', { operation: listAllRetries });
