import { KafkaConnectError } from '../connect/connect-error';
import type { AuthenticateAnswer, Exchange } from './exchange';

/** The claims of a token that help a person. */
interface Claims {
  aud?: unknown;
  iss?: unknown;
  sub?: unknown;
  exp?: number;
}

/**
 * Signs in by a token (RFC 7628).
 * @throws KafkaConnectError signInTokenRefused: a refusal comes without an error code, as data of the answer
 */
export async function signInByToken(
  token: string,
  extensions: Record<string, string>,
  address: string,
  exchange: Exchange,
): Promise<AuthenticateAnswer> {
  const more = Object.entries(extensions)
    .map(([name, value]) => `\u0001${name}=${value}`)
    .join('');
  const answer = await exchange(Buffer.from(`n,,\u0001auth=Bearer ${token}${more}\u0001\u0001`));
  if (answer.error === 0 && answer.data.length <= 1) return answer;
  // The broker waits for this before it ends the exchange in order.
  if (answer.error === 0) await exchange(Buffer.from('\u0001')).catch(() => undefined);
  throw new KafkaConnectError('signInTokenRefused', {
    address,
    answer: answer.data.length > 1 ? answer.data.toString('utf8').slice(0, 500) : (answer.message ?? ''),
    claims: describe(claimsOf(token)),
  });
}

/** When a token ends, in milliseconds since 1970; null where it has no such claim. */
export function endOfToken(token: string): number | null {
  const { exp } = claimsOf(token) ?? {};
  return typeof exp === 'number' ? exp * 1_000 : null;
}

function claimsOf(token: string): Claims | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' ? claims : null;
  } catch {
    return null;
  }
}

function describe(claims: Claims | null): string {
  if (!claims) return 'The token tells nothing of itself.';
  const until = typeof claims.exp === 'number' ? new Date(claims.exp * 1_000).toISOString() : '?';
  const text = (value: unknown) => (value === undefined ? '?' : JSON.stringify(value));
  return `It is for the audience ${text(claims.aud)}, from ${text(claims.iss)}, of ${text(claims.sub)}, until ${until}.`;
}
