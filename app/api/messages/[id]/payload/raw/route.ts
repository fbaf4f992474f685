import { attachment } from '@/lib/http/attachment';
import { route } from '@/lib/http/route';
import { downloadPayload } from '@/lib/operations/messages/read-payload';

export const GET = route({
  operation: downloadPayload,
  input: ({ params }) => ({ id: params.id }),
  answer: ({ name, bytes }) => attachment([bytes], name, 'application/octet-stream'),
});
