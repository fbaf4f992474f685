import { route } from '@/lib/http/route';
import { listTopics } from '@/lib/operations/topics/list';

export const GET = route('GET /api/topics', { operation: listTopics });
