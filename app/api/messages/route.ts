import { route } from '@/lib/http/route';
import { listAllMessages } from '@/lib/operations/messages/list';

export const GET = route('GET /api/messages', { operation: listAllMessages });
