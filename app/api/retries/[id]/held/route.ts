import { route } from '@/lib/http/route';
import { decideHeldItems } from '@/lib/operations/retries/decide-held';

export const POST = route('POST /api/retries/{id}/held', { operation: decideHeldItems });
