import { route } from '@/lib/http/route';
import { readPayload } from '@/lib/operations/messages/read-payload';

export const GET = route('GET /api/messages/{id}/payload', { operation: readPayload });
