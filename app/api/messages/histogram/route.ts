import { route } from '@/lib/http/route';
import { messageHistogram } from '@/lib/operations/messages/histogram';

export const GET = route('GET /api/messages/histogram', { operation: messageHistogram });
