import { elsewhere } from '@/lib/http/route';
import { unknownPath } from '@/lib/operations/api/unknown-path';

/** Public: a path without an endpoint is not found, with or without a session. */
const handler = elsewhere({
  operation: unknownPath,
  input: ({ url }) => ({ path: url.pathname.slice(0, 500) }),
});

export const GET = handler;
export const POST = handler;
export const PUT = handler;
export const PATCH = handler;
export const DELETE = handler;
