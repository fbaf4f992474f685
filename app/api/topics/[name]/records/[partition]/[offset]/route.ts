import { route } from '@/lib/http/route';
import { readRecord } from '@/lib/operations/messages/read-record';

export const GET = route('GET /api/topics/{name}/records/{partition}/{offset}', { operation: readRecord });
