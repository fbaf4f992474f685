// What the console's server refuses before Next sees it, and the headers that every answer has. Plain JavaScript: it runs
// before any loader.
import { maxHeaderSize } from 'node:http';
import { hostname } from 'node:os';
import { isIP } from 'node:net';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Headers of every answer; pages have a Content-Security-Policy of their own, which takes the place of this one. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
};
const YEAR_SECONDS = 31_536_000;

/**
 * Names by which this Courier may be called. Unset: localhost, addresses, this machine's name, the public address.
 * @param {Record<string, string | undefined>} env
 * @returns {(host: string) => boolean} whether a name, without its port, is one of them
 */
export function allowedHosts(env) {
  const given = (env.COURIER_ALLOWED_HOSTS ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const own = ['localhost', hostname().toLowerCase(), hostname().toLowerCase().split('.')[0]];
  if (env.COURIER_PUBLIC_URL) own.push(new URL(env.COURIER_PUBLIC_URL).hostname.toLowerCase());
  const all = new Set([...own, ...given]);
  const suffixes = given.filter((name) => name.startsWith('*.')).map((name) => name.slice(1));
  return (host) =>
    all.has('*') ||
    all.has(host) ||
    isIP(host.replace(/^\[|\]$/g, '')) !== 0 ||
    suffixes.some((suffix) => host.endsWith(suffix));
}

/**
 * Why a request is refused, or null.
 * @param {import('node:http').IncomingMessage} request
 * @param {(host: string) => boolean} isAllowed
 * @returns {{ status: number, code: string, message: string } | null}
 */
export function refusal(request, isAllowed) {
  return requestProblem(request) ?? pageProblem(request) ?? hostProblem(request, isAllowed);
}

/**
 * Why a request is none that any server of Courier's answers, or null.
 * @param {import('node:http').IncomingMessage} request
 * @returns {{ status: number, code: string, message: string } | null}
 */
export function requestProblem(request) {
  const { method = '', url = '' } = request;
  if (!METHODS.has(method)) {
    return bad(`The method ${JSON.stringify(method.slice(0, 20))} is not answered here.`);
  }
  // Node keeps the first of several Host headers, while a proxy may have checked another one.
  if ((request.headersDistinct?.host ?? []).length > 1) return bad('A request names one Host.');
  if (request.headers.expect !== undefined && request.headers.expect.toLowerCase() !== '100-continue') {
    return { ...bad('Of what a request may expect, only 100-continue is known.'), status: 417 };
  }
  if (!url.startsWith('/') || url.startsWith('//'))
    return bad('The target of a request is a path that begins with /.');
  const [path] = url.split('?');
  try {
    decodeURIComponent(path);
  } catch {
    return bad(
      `The path ${JSON.stringify(path.slice(0, 100))} has a % that encodes nothing. Write %25 for a % itself.`,
    );
  }
  return null;
}

/** @param {import('node:http').IncomingMessage} request */
function pageProblem({ method = '', url = '' }) {
  // Pages are read; what changes something goes through the API, which checks the session.
  if (READING.has(method) || url.startsWith('/api/')) return null;
  const path = JSON.stringify(url.split('?')[0].slice(0, 100));
  const message = `${method} is not answered at ${path}: pages take GET.`;
  return { status: 405, code: 'method_not_allowed', message };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {(host: string) => boolean} isAllowed
 */
function hostProblem(request, isAllowed) {
  const path = (request.url ?? '').split('?')[0];
  // The health check of a load balancer sends no allowed host name.
  if (path === '/healthz') return null;
  const host = hostOf(request.headers.host);
  if (isAllowed(host)) return null;
  return {
    status: 421,
    code: 'misdirected',
    message: `This Courier is not called ${JSON.stringify(host.slice(0, 100))}. If it is, name it in COURIER_ALLOWED_HOSTS or COURIER_PUBLIC_URL.`,
  };
}

/**
 * Sets the headers of every answer.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {Record<string, string | undefined>} env
 */
export function setHeaders(request, response, env) {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const forwarded = String(request.headers['x-forwarded-proto'] ?? '')
    .split(',')[0]
    .trim()
    .toLowerCase();
  const isHttps = env.COURIER_PUBLIC_URL
    ? env.COURIER_PUBLIC_URL.startsWith('https://')
    : forwarded === 'https';
  if (isHttps) response.setHeader('strict-transport-security', `max-age=${YEAR_SECONDS}`);
}

/** By Node's own code of an error: what is no request, and what it is refused with. */
const NO_REQUEST = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    `The headers of a request have ${maxHeaderSize} bytes in all.`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not come to its end in time.'],
};

/**
 * Answers what is no HTTP request, and ends its connection.
 * @param {Error & { code?: string }} error
 * @param {import('node:stream').Duplex} socket
 */
export function refuseConnection(error, socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = NO_REQUEST[error.code ?? ''] ?? ['400 Bad Request', 'This is no HTTP request.'];
  const body = JSON.stringify({ error: { code: 'invalid_input', message, details: {} } });
  const headers = { ...HEADERS, 'content-type': 'application/json', connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    [`HTTP/1.1 ${status}`, ...lines, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'),
  );
}

/** The name in a Host header, without its port, in lower case. */
function hostOf(header = '') {
  return header.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

function bad(message) {
  return { status: 400, code: 'invalid_input', message };
}
