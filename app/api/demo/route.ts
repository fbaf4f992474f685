import { route } from '@/lib/http/route';
import { demoThings } from '@/lib/operations/demo/things';

export const GET = route('GET /api/demo', { operation: demoThings });
