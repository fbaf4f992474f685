import { route } from '@/lib/http/route';
import { getFailure } from '@/lib/operations/failures/get';

export const GET = route({
  operation: getFailure,
  input: ({ params: { group, type, error } }) => ({ group, type, error }),
});
