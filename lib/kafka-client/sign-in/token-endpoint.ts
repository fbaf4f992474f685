import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import { codeOf, KafkaConnectError } from '../connect/connect-error';
import type { TokenSignIn } from '../settings/sasl-settings';

const MAX_ANSWER_BYTES = 1_000_000;

/**
 * Asks for a token by client credentials (RFC 6749 section 4.4). Id and secret are form-encoded before they become the
 * Basic authorization (section 2.3.1), without which a secret with `:` or `%` is refused.
 * @throws KafkaConnectError tokenUnreachable, tokenSilent or tokenRefused; the endpoint is named without its query
 */
export async function requestToken(sign: TokenSignIn, timeoutMs: number): Promise<string> {
  const url = new URL(sign.tokenEndpoint);
  const endpoint = `${url.origin}${url.pathname}`;
  const { status, text } = await post(url, sign, timeoutMs).catch((error: unknown) => {
    const isSilent = error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);
    throw new KafkaConnectError(isSilent ? 'tokenSilent' : 'tokenUnreachable', {
      endpoint,
      code: codeOf(error),
      ms: String(timeoutMs),
    });
  });
  const answer = parse(text);
  if (status === 200 && typeof answer.access_token === 'string') return answer.access_token;
  const said = [answer.error, answer.error_description].filter((part) => typeof part === 'string').join(': ');
  throw new KafkaConnectError('tokenRefused', {
    endpoint,
    answer: `${status}${said === '' ? '' : ` ${said.slice(0, 300)}`}`,
  });
}

async function post(
  url: URL,
  sign: TokenSignIn,
  timeoutMs: number,
): Promise<{ status: number; text: string }> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(sign.scope === null ? {} : { scope: sign.scope }),
  }).toString();
  const user = `${encodeURIComponent(sign.clientId)}:${encodeURIComponent(sign.clientSecret)}`;
  // fetch does not accept a certificate authority.
  const ca = sign.caFile === null ? {} : { ca: [...rootCertificates, await readFile(sign.caFile, 'utf8')] };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method: 'POST',
        ...ca,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          authorization: `Basic ${Buffer.from(user).toString('base64')}`,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > MAX_ANSWER_BYTES) request.destroy(new Error('its answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
