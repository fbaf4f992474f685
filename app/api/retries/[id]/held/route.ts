import { route } from '@/lib/http/route';
import { decideHeldItems } from '@/lib/operations/retries/decide-held';

export const POST = route({
  operation: decideHeldItems,
  input: ({ params }, body) => ({ ...(body as object), id: params.id }),
});
