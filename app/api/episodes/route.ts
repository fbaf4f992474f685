import { route } from '@/lib/http/route';
import { listEpisodes } from '@/lib/operations/episodes/list';

export const GET = route('GET /api/episodes', { operation: listEpisodes });
