import { json, route } from '@/lib/http/route';
import { requestAddress } from '@/lib/http/forwarded';
import { deviceCookie, sessionTokens, signedInCookies, signedOutCookies } from '@/lib/http/session-cookie';
import { currentSession } from '@/lib/operations/sessions/current';
import { signIn } from '@/lib/operations/sessions/sign-in';
import { signOut } from '@/lib/operations/sessions/sign-out';

/** Returns the times at which the caller's session ends. */
export const GET = route('GET /api/session', {
  operation: currentSession,
  input: ({ request, context }) => ({ tokens: sessionTokens(request.headers, context) }),
});

/** Public: signing in is how a session begins. */
export const POST = route('POST /api/session', {
  operation: signIn,
  input: ({ request, context }, body) => ({
    ...(body as object),
    address: requestAddress(request.headers, context.settings.COURIER_TRUSTED_PROXIES),
    devices: deviceCookie(request.headers, context)?.slice(0, 2_000),
    signal: request.signal,
  }),
  answer: (result, { context, request }) =>
    json({ name: result.name }, 200, {}, signedInCookies(request.headers, context, result)),
});

/** Public: ending a session that is none is no harm. */
export const DELETE = route('DELETE /api/session', {
  operation: signOut,
  input: ({ request, context }) => ({ tokens: sessionTokens(request.headers, context) }),
  answer: (_, { context, request }) => json({}, 200, {}, signedOutCookies(request.headers, context)),
});
