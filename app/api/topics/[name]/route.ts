import { route } from '@/lib/http/route';
import { configureTopic } from '@/lib/operations/topics/configure';
import { getTopic } from '@/lib/operations/topics/get';

export const GET = route('GET /api/topics/{name}', { operation: getTopic });

export const PUT = route('PUT /api/topics/{name}', { operation: configureTopic });
