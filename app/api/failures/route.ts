import { route } from '@/lib/http/route';
import { listFailures } from '@/lib/operations/failures/list';

export const GET = route({ operation: listFailures, input: () => ({}) });
