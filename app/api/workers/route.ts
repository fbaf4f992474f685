import { route } from '@/lib/http/route';
import { listWorkers } from '@/lib/operations/workers/list';

export const GET = route('GET /api/workers', { operation: listWorkers });
