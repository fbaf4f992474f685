import { route } from '@/lib/http/route';
import { endExpectation, expectNoMembers } from '@/lib/operations/groups/expect-no-members';

export const PUT = route('PUT /api/groups/{name}/expectation', { operation: expectNoMembers });
export const DELETE = route('DELETE /api/groups/{name}/expectation', { operation: endExpectation });
