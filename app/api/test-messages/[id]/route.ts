import { route } from '@/lib/http/route';
import { getTest } from '@/lib/operations/topics/get-test';

export const GET = route({ operation: getTest, input: ({ params }) => ({ id: params.id }) });
