import { json, route } from '@/lib/http/route';
import { requestAddress } from '@/lib/http/address';
import { sessionCookie, tokenOf } from '@/lib/http/session-cookie';
import { signIn } from '@/lib/operations/sessions/sign-in';
import { signOut } from '@/lib/operations/sessions/sign-out';

/** Public: signing in is how a session begins. */
export const POST = route({
  operation: signIn,
  input: ({ request, context }, body) => ({
    ...(body as object),
    address: requestAddress(request, context.settings.COURIER_TRUSTED_PROXIES),
  }),
  answer: (result, { context, request }) =>
    json({ name: result.name }, 200, {
      'set-cookie': sessionCookie(context.settings, request.url, result.token),
    }),
});

/** Public: ending a session that is none is no harm. */
export const DELETE = route({
  operation: signOut,
  input: ({ request, context }) => ({ token: tokenOf(request, context.settings) ?? '' }),
  answer: (_, { context, request }) =>
    json({}, 200, { 'set-cookie': sessionCookie(context.settings, request.url, null) }),
});
