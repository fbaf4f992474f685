import { route } from '@/lib/http/route';
import { searchMessages } from '@/lib/operations/messages/search';

export const GET = route('GET /api/search', {
  operation: searchMessages,
  input: ({ url }) => ({ text: url.searchParams.get('q') ?? '' }),
});
