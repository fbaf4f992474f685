import { json, route } from '@/lib/http/route';
import { describeApi } from '@/lib/operations/api/describe';

/** Public: it says what may be asked, and nothing of what is answered. */
export const GET = route('GET /api/openapi.json', {
  operation: describeApi,
  answer: (document) => json(document, 200),
});
