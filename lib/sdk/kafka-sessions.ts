import Connection from 'kafkajs/src/network/connection.js';

/** SaslHandshake, ApiVersions and SaslAuthenticate, which are sent while signing in. */
const OF_SIGN_IN = new Set([17, 18, 36]);

/** The parts of kafkajs's connection that are used here; its version is pinned, and a test checks that they exist. */
interface InnerConnection {
  sasl: unknown;
  /** `process.hrtime()`; null before the sign-in. */
  authenticatedAt: [seconds: number, nanoseconds: number] | null;
  /** Milliseconds as a 64-bit number of kafkajs; 0: without end. */
  sessionLifetime: { toString(): string };
  isConnected(): boolean;
  isAuthenticated(): boolean;
  disconnect(): Promise<boolean>;
  /** Requests that wait for their answers. */
  courierOpen?: Set<Promise<unknown>>;
  courierRenewal?: Promise<void> | undefined;
}

type Send = (this: InnerConnection, options: { request: { apiKey: number } }) => Promise<unknown>;
type IsAuthenticated = (this: InnerConnection) => boolean;
type Authenticate = (this: InnerConnection) => Promise<void>;

/** The part of a session after which it is renewed. */
const RENEW_AT = 0.8;

let isInstalled = false;

/**
 * Makes kafkajs renew a session between requests. By itself it signs in anew while other requests are being written, and a
 * broker that receives one between the two messages of a sign-in answers ILLEGAL_SASL_STATE and closes the connection.
 */
export function renewSessionsBetweenRequests(): void {
  if (isInstalled) return;
  isInstalled = true;
  const prototype = Connection.prototype as unknown as {
    send: Send;
    authenticate: Authenticate;
    isAuthenticated: IsAuthenticated;
  };
  const { send, authenticate } = prototype;

  // kafkajs renews ten seconds before the end, which with a shorter session is at every request.
  prototype.isAuthenticated = function () {
    if (this.authenticatedAt === null) return false;
    const lifetimeMs = Number(this.sessionLifetime.toString());
    const [seconds, nanoseconds] = process.hrtime(this.authenticatedAt);
    return lifetimeMs === 0 || seconds * 1_000 + nanoseconds / 1e6 < lifetimeMs * RENEW_AT;
  };

  const isDue = (connection: InnerConnection): boolean =>
    Boolean(connection.sasl) &&
    connection.isConnected() &&
    connection.authenticatedAt !== null &&
    !connection.isAuthenticated();

  const renew = (connection: InnerConnection): Promise<void> => {
    connection.courierRenewal ??= Promise.allSettled([...(connection.courierOpen ?? [])])
      .then(() => authenticate.call(connection))
      .catch(async (error: unknown) => {
        await connection.disconnect();
        throw error;
      })
      .finally(() => (connection.courierRenewal = undefined));
    return connection.courierRenewal;
  };

  prototype.authenticate = function () {
    if (this.courierRenewal) return this.courierRenewal;
    return isDue(this) ? renew(this) : authenticate.call(this);
  };

  prototype.send = async function (options) {
    if (!this.sasl || OF_SIGN_IN.has(options.request.apiKey)) return send.call(this, options);
    while (this.courierRenewal || isDue(this)) await renew(this);
    const open = (this.courierOpen ??= new Set());
    const sent = send.call(this, options);
    open.add(sent);
    try {
      return await sent;
    } finally {
      open.delete(sent);
    }
  };
}
