import { route } from '@/lib/http/route';
import { listDeadLetterTopics } from '@/lib/operations/topics/list-dead-letters';

export const GET = route('GET /api/dead-letter-topics', { operation: listDeadLetterTopics });
