import { route } from '@/lib/http/route';
import { pauseFormerMove } from '@/lib/operations/settings/pause-move';

export const PUT = route('PUT /api/settings/former-days', { operation: pauseFormerMove });
