import { route } from '@/lib/http/route';
import { getFailure } from '@/lib/operations/failures/get';

export const GET = route('GET /api/failures/{group}/{type}/{error}', { operation: getFailure });
