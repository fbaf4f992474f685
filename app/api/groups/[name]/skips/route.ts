import { route } from '@/lib/http/route';
import { skipRecord } from '@/lib/operations/groups/skip-record';

export const POST = route('POST /api/groups/{name}/skips', { operation: skipRecord, status: 202 });
