import { route } from '@/lib/http/route';
import { countAttention } from '@/lib/operations/overview/attention';

export const GET = route('GET /api/attention', { operation: countAttention });
