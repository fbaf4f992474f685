import { route } from '@/lib/http/route';
import { previewRetry } from '@/lib/operations/retries/preview';

export const GET = route('GET /api/retries/preview', {
  operation: previewRetry,
  input: ({ url }) => ({
    messageId: url.searchParams.get('message'),
    groups: url.searchParams.getAll('group'),
  }),
});
