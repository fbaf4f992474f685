import { attachment } from '@/lib/http/attachment';
import { route } from '@/lib/http/route';
import { downloadPayload } from '@/lib/operations/messages/read-payload';

export const GET = route('GET /api/messages/{id}/payload/raw', {
  operation: downloadPayload,
  answer: ({ name, bytes }) => attachment([bytes], name, 'application/octet-stream'),
});
