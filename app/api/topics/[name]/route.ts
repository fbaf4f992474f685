import { route } from '@/lib/http/route';
import { configureTopic } from '@/lib/operations/topics/configure';
import { getTopic } from '@/lib/operations/topics/get';

export const GET = route({ operation: getTopic, input: ({ params }) => ({ name: params.name }) });

export const PUT = route({
  operation: configureTopic,
  input: ({ params }, body) => ({ ...(body as object), name: params.name }),
});
