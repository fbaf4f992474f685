import { route } from '@/lib/http/route';
import { listGroups } from '@/lib/operations/groups/list';

export const GET = route({ operation: listGroups, input: () => ({}) });
