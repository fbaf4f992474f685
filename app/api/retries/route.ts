import { route } from '@/lib/http/route';
import { createRetry } from '@/lib/operations/retries/create';
import { listAllRetries } from '@/lib/operations/retries/list';

/** 202: the retry is written; a worker sends it. */
export const POST = route({
  operation: createRetry,
  input: ({ request }, body) => {
    const key = request.headers.get('idempotency-key');
    return { ...(body as object), ...(key ? { idempotencyKey: key } : {}) };
  },
  status: 202,
});

export const GET = route({
  operation: listAllRetries,
  input: ({ url }) => {
    const before = url.searchParams.get('before');
    return { running: url.searchParams.get('running') !== 'false', ...(before ? { before } : {}) };
  },
});
