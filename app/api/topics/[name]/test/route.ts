import { route } from '@/lib/http/route';
import { publishTest } from '@/lib/operations/topics/publish-test';

export const POST = route('POST /api/topics/{name}/test', {
  operation: publishTest,
  input: ({ params }, body) => ({ ...(body as object), topic: params.name }),
  status: 202,
});
