import { route } from '@/lib/http/route';
import { publishTest } from '@/lib/operations/topics/publish-test';

/** 202: the message is written down; a worker sends it. */
export const POST = route({
  operation: publishTest,
  input: ({ params }, body) => ({ ...(body as object), topic: params.name }),
  status: 202,
});
