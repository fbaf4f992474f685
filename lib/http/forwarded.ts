import type { Settings } from '@/lib/config';

/** Where bin/web.mjs writes down who is connected; what a client puts there itself is overwritten. */
const PEER = 'x-courier-peer';

/** Headers as a request has them and as Next gives them to pages. */
export type HeaderReader = Pick<Headers, 'get'>;

/**
 * Where a request comes from, for limits alone: who is connected, or behind proxies the entry of `X-Forwarded-For` that the
 * farthest of them wrote. Entries before it were written by the client.
 * @param trustedProxies how many proxies each request passes
 */
export function requestAddress(headers: HeaderReader, trustedProxies: number): string {
  const peer = headers.get(PEER) ?? 'unknown';
  const passed = listOf(headers.get('x-forwarded-for'));
  const from = trustedProxies === 0 ? peer : (passed.at(-trustedProxies) ?? passed[0] ?? peer);
  return from.slice(0, 100);
}

/** Whether the console is served over https: by its public address, else by the header of the first proxy. */
export function isHttps(headers: HeaderReader, settings: Pick<Settings, 'COURIER_PUBLIC_URL'>): boolean {
  if (settings.COURIER_PUBLIC_URL) return settings.COURIER_PUBLIC_URL.startsWith('https://');
  return listOf(headers.get('x-forwarded-proto'))[0]?.toLowerCase() === 'https';
}

function listOf(header: string | null): string[] {
  return (header ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}
