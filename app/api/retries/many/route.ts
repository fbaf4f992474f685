import { route } from '@/lib/http/route';
import { createRetryOfMany } from '@/lib/operations/retries/create-many';

/** 202: the retry is written; a worker sends it. */
export const POST = route({
  operation: createRetryOfMany,
  input: ({ request }, body) => {
    const key = request.headers.get('idempotency-key');
    return { ...(body as object), ...(key ? { idempotencyKey: key } : {}) };
  },
  status: 202,
});
