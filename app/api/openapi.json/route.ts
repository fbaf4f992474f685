import { json, route } from '@/lib/http/route';
import { describeApi } from '@/lib/operations/api/describe';

/** Public: the document describes the endpoints and contains none of their data. */
export const GET = route('GET /api/openapi.json', {
  operation: describeApi,
  answer: (document) => json(document, 200),
});
