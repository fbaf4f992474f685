/** Where bin/web.mjs writes down who is connected; what a client puts there itself is overwritten. */
const PEER = 'x-courier-peer';

/**
 * Where a request comes from, for limits alone: who is connected, or behind proxies the entry of `X-Forwarded-For` that the
 * farthest of them wrote. What stands before it is the client's own words.
 * @param trustedProxies how many proxies each request passes
 */
export function requestAddress(request: Request, trustedProxies: number): string {
  const peer = request.headers.get(PEER) ?? 'unknown';
  const passed = (request.headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const from = trustedProxies === 0 ? peer : (passed.at(-trustedProxies) ?? passed[0] ?? peer);
  return from.slice(0, 100);
}
