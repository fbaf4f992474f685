import { route } from '@/lib/http/route';
import { readHeaders } from '@/lib/operations/messages/read-payload';

export const GET = route('GET /api/messages/{id}/headers', { operation: readHeaders });
