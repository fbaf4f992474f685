import { route } from '@/lib/http/route';
import { getSettings } from '@/lib/operations/settings/get';

export const GET = route('GET /api/settings', { operation: getSettings });
