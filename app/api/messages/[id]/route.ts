import { route } from '@/lib/http/route';
import { getMessage } from '@/lib/operations/messages/get';

export const GET = route('GET /api/messages/{id}', { operation: getMessage });
