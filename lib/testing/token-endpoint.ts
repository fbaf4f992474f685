import { generateKeyPairSync, sign } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN_CLIENT = { id: 'courier', secret: 's3,=c:ret' };
/** Whom the tokens are of. */
export const TOKEN_SUBJECT = 'courier-oauth';

/**
 * A token endpoint for client credentials, with the keys that brokers check its tokens by. A request may ask for tokens of
 * another kind by its query: `?lifetime=3&audience=other`, `?down=1` for no answer.
 */
export async function startTokenEndpoint(): Promise<{ url: string; stop(): Promise<void> }> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' };
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const tokenOf = (query: URLSearchParams): { token: string; lifetime: number } => {
    const now = Math.floor(Date.now() / 1_000);
    const lifetime = Number(query.get('lifetime') ?? 60);
    const claims = {
      iss: 'test',
      sub: TOKEN_SUBJECT,
      aud: query.get('audience') ?? 'kafka',
      scope: 'kafka',
      iat: now,
      exp: now + lifetime,
    };
    const signed = `${encoded({ alg: 'RS256', kid: 'test', typ: 'JWT' })}.${encoded(claims)}`;
    return {
      token: `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`,
      lifetime,
    };
  };
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (pathname === '/jwks') return answer(200, { keys: [key] });
    if (searchParams.get('down')) return request.socket.destroy();
    const [id, secret] = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64')
      .toString()
      .split(':')
      .map(decodeURIComponent);
    if (id !== TOKEN_CLIENT.id || secret !== TOKEN_CLIENT.secret)
      return answer(401, { error: 'invalid_client', error_description: 'the secret does not match' });
    const { token, lifetime } = tokenOf(searchParams);
    return answer(200, { token_type: 'Bearer', expires_in: lifetime, access_token: token });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
