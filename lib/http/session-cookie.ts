import type { Settings } from '@/lib/config';

/** Under https the cookie cannot be set by a neighbouring host nor sent in the clear. */
function isSecure(settings: Settings, requestUrl: string): boolean {
  return (settings.COURIER_PUBLIC_URL ?? requestUrl).startsWith('https://');
}

export function cookieName(settings: Settings, requestUrl: string): string {
  return isSecure(settings, requestUrl) ? '__Host-courier-session' : 'courier-session';
}

/** The Set-Cookie header that begins a session, or ends it where the token is null. */
export function sessionCookie(settings: Settings, requestUrl: string, token: string | null): string {
  const parts = [`${cookieName(settings, requestUrl)}=${token ?? ''}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (isSecure(settings, requestUrl)) parts.push('Secure');
  parts.push(token === null ? 'Max-Age=0' : `Max-Age=${settings.COURIER_SESSION_HOURS * 3600}`);
  return parts.join('; ');
}

/** The session token that a request carries. */
export function tokenOf(request: Request, settings: Settings): string | undefined {
  const name = cookieName(settings, request.url);
  for (const part of (request.headers.get('cookie') ?? '').split(/;\s*/)) {
    const at = part.indexOf('=');
    if (part.slice(0, at) === name) return part.slice(at + 1) || undefined;
  }
  return undefined;
}
