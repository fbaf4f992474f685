import { route } from '@/lib/http/route';
import { getRetry } from '@/lib/operations/retries/get';

export const GET = route({ operation: getRetry, input: ({ params }) => ({ id: params.id }) });
