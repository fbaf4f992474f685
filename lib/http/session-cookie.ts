import type { Settings } from '@/lib/config';
import { isHttps, type HeaderReader } from './forwarded';

/** The cookies of release 0.1; they are read until their sessions end, and never written. */
const OLD_NAMES = { secure: '__Host-courier-session', plain: 'courier-session' };
const DEVICE_SECONDS = 365 * 86_400;

/** What the names and values of cookies depend on. */
export interface CookieContext {
  settings: Settings;
  installation: { id: string };
}

/** The purpose of a cookie: a session, or the devices on which an operator signed in before. */
type Use = 'session' | 'devices';

/**
 * Under https a cookie cannot be set by a neighbouring host nor sent in the clear. A browser sends cookies to all ports of
 * a host, so the name contains the installation.
 */
function nameOf(use: Use, { installation }: CookieContext, isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}courier-${use}-${installation.id.slice(0, 8)}`;
}

/** Returns the session tokens of a request, those of this installation's cookie first; a name may occur more than once. */
export function sessionTokens(headers: HeaderReader, context: CookieContext): string[] {
  const isSecure = isHttps(headers, context.settings);
  const own = nameOf('session', context, isSecure);
  const old = isSecure ? OLD_NAMES.secure : OLD_NAMES.plain;
  const cookies = cookiesOf(headers);
  return [...new Set([own, old].flatMap((name) => valuesOf(cookies, name)))];
}

/** The cookie of known devices; see `knownDevice`. */
export function deviceCookie(headers: HeaderReader, context: CookieContext): string | undefined {
  return valuesOf(cookiesOf(headers), nameOf('devices', context, isHttps(headers, context.settings)))[0];
}

/** Set-Cookie headers that begin a session and remember the device. */
export function signedInCookies(
  headers: HeaderReader,
  context: CookieContext,
  signedIn: { token: string; devices: string },
): string[] {
  const seconds = context.settings.COURIER_SESSION_HOURS * 3600;
  return [
    cookie('session', signedIn.token, seconds, headers, context),
    cookie('devices', signedIn.devices, DEVICE_SECONDS, headers, context),
  ];
}

/** Set-Cookie headers that end a session; the device stays known. */
export function signedOutCookies(headers: HeaderReader, context: CookieContext): string[] {
  const isSecure = isHttps(headers, context.settings);
  const old = isSecure ? OLD_NAMES.secure : OLD_NAMES.plain;
  return [cookie('session', '', 0, headers, context), `${old}=; ${attributes(isSecure, 0)}`];
}

function cookie(
  use: Use,
  value: string,
  seconds: number,
  headers: HeaderReader,
  context: CookieContext,
): string {
  const isSecure = isHttps(headers, context.settings);
  return `${nameOf(use, context, isSecure)}=${value}; ${attributes(isSecure, seconds)}`;
}

function attributes(isSecure: boolean, seconds: number): string {
  return `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}; Max-Age=${seconds}`;
}

function cookiesOf(headers: HeaderReader): [name: string, value: string][] {
  return (headers.get('cookie') ?? '').split(/;\s*/).map((part) => {
    const index = part.indexOf('=');
    return index < 0 ? [part, ''] : [part.slice(0, index), part.slice(index + 1)];
  });
}

function valuesOf(cookies: [name: string, value: string][], name: string): string[] {
  return cookies.filter(([found, value]) => found === name && value !== '').map(([, value]) => value);
}
