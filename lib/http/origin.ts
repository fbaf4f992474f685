import type { Settings } from '@/lib/config';
import { CourierError } from '@/lib/errors';

/**
 * Refuses a change that another site's page asked the browser to make. A request without an Origin header comes from a
 * program, not from a page; it carries no cookie by itself.
 * @throws CourierError wrong_origin
 */
export function checkOrigin(request: Request, settings: Settings): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (origin === null && (site === null || site === 'same-origin' || site === 'none')) return;
  const own = settings.COURIER_PUBLIC_URL
    ? new URL(settings.COURIER_PUBLIC_URL).host
    : request.headers.get('host');
  if (origin !== null && origin !== 'null' && hostOf(origin) === own) return;
  throw new CourierError(
    'wrong_origin',
    `This request comes from ${origin ?? site ?? 'an unknown page'}, not from this console (${own ?? 'no Host header'}). Behind a proxy, set COURIER_PUBLIC_URL.`,
  );
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
