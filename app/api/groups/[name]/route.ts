import { route } from '@/lib/http/route';
import { getGroup } from '@/lib/operations/groups/get';

export const GET = route({ operation: getGroup, input: ({ params }) => ({ name: params.name }) });
