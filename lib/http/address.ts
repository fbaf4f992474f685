/**
 * Where a request comes from, for limits alone. Behind a proxy, the address nearest to it counts: the entries before are
 * the client's own words.
 */
export function requestAddress(request: Request): string {
  return (
    (request.headers.get('x-forwarded-for') ?? 'direct').split(',').at(-1)?.trim().slice(0, 100) ?? 'direct'
  );
}
