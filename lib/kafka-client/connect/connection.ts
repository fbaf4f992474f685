import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { addressText, type KafkaAddress } from '../settings/address';
import {
  ILLEGAL_SASL_STATE,
  saslAuthenticateRequest,
  saslHandshakeRequest,
  UNSUPPORTED_SASL_MECHANISM,
} from '../sign-in/exchange';
import type { SignIn } from '../sign-in/sign-in';
import { apiVersionsRequest, releaseOf, type ApiVersions } from '../wire/api-versions';
import type { WireRequest } from '../wire/request';
import { Channel, ChannelError } from './channel';
import { codeOf, KafkaConnectError } from './connect-error';
import { dialPlain, dialTls, isClientRefusal, peerCertificate, tlsError, type PeerCertificate } from './dial';
import type { TlsFiles } from './tls-files';

/** How connections of one cluster are made. */
export interface ConnectionOptions {
  clientId: string;
  /** null: plaintext. */
  tls: TlsFiles | null;
  /** null: without a name. */
  signIn: SignIn | null;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
}

/** What becomes known while a connection is made, in this order. */
export type ConnectionEvent =
  | { step: 'port' }
  | { step: 'tls'; certificate: PeerCertificate }
  | { step: 'version'; release: string; apis: number }
  | { step: 'signIn'; mechanism: string; user: string | null; lifetimeMs: number };

/** A connection is replaced when this part of its session is over. */
const RENEW_AT = 0.8;

/** One connection to one broker, signed in. */
export class KafkaConnection {
  /** When the session is to be replaced, as `performance.now()`; null: it has no end. */
  readonly renewAt: number | null;
  /** Whether a request was answered since the connection was opened. */
  hasAnswered = false;

  constructor(
    readonly address: KafkaAddress,
    readonly versions: ApiVersions,
    private readonly channel: Channel,
    private readonly options: ConnectionOptions,
    lifetimeMs: number,
  ) {
    this.renewAt = lifetimeMs > 0 ? performance.now() + lifetimeMs * RENEW_AT : null;
  }

  get isOpen(): boolean {
    return this.channel.isOpen;
  }

  /** Milliseconds since the last answer; 0 while requests wait. */
  get idleMs(): number {
    return this.channel.pending > 0 ? 0 : performance.now() - this.channel.usedAt;
  }

  get isBusy(): boolean {
    return this.channel.pending > 0;
  }

  /**
   * Sends a request in the highest version that both sides support.
   * @throws KafkaConnectError versionTooOld before anything is sent; ChannelError where no answer came
   */
  async send<T>(request: WireRequest<T>, timeoutMs = this.options.requestTimeoutMs): Promise<T> {
    const answer = await this.channel.send(
      request,
      versionFor(request, this.versions, this.address),
      timeoutMs,
    );
    this.hasAnswered = true;
    return answer;
  }

  /** Whether the broker answers this kind of request in a version that is known here. */
  supports(request: WireRequest<unknown>): boolean {
    const range = this.versions.get(request.apiKey);
    return range !== undefined && range.most >= request.least && range.least <= request.most;
  }

  close(): void {
    this.channel.end(new ChannelError('closed', 'the connection was closed here'));
  }
}

function versionFor(request: WireRequest<unknown>, versions: ApiVersions, address: KafkaAddress): number {
  const range = versions.get(request.apiKey);
  const version = Math.min(request.most, range?.most ?? -1);
  if (range && version >= request.least && version >= range.least) return version;
  const has = range ? `${range.least} to ${range.most}` : 'none';
  throw new KafkaConnectError('versionTooOld', {
    address: addressText(address),
    version: releaseOf(versions),
    lacks: `${request.apiName} in version ${has}, needed is ${request.least} to ${request.most}`,
  });
}

/**
 * Opens a connection and signs in.
 * @param onEvent is called at each step
 * @throws KafkaConnectError which names the cause, found by a second connection where the first does not reveal it
 */
export async function openConnection(
  address: KafkaAddress,
  options: ConnectionOptions,
  onEvent: (event: ConnectionEvent) => void = () => undefined,
): Promise<KafkaConnection> {
  const socket = await dial(address, options);
  onEvent({ step: 'port' });
  if (socket instanceof TLSSocket) onEvent({ step: 'tls', certificate: peerCertificate(socket) });
  const channel = new Channel(socket, options.clientId);
  try {
    const { apis } = await channel
      .send(apiVersionsRequest, 0, options.connectTimeoutMs)
      .catch((error: unknown) => {
        throw explainFirst(address, options, error);
      });
    onEvent({ step: 'version', release: releaseOf(apis), apis: apis.size });
    const lifetimeMs = options.signIn ? await signIn(address, options, options.signIn, channel, onEvent) : 0;
    return new KafkaConnection(address, apis, channel, options, lifetimeMs);
  } catch (error) {
    channel.end(new ChannelError('closed', 'it could not be used'));
    throw error;
  }
}

async function dial(address: KafkaAddress, options: ConnectionOptions): Promise<Socket> {
  if (!options.tls) return dialPlain(address, options.connectTimeoutMs);
  try {
    return await dialTls(address, options.tls, options.connectTimeoutMs);
  } catch (error) {
    if (!(error instanceof KafkaConnectError) || !['tlsNone', 'tlsSilent'].includes(error.code)) throw error;
    if (!(await speaksPlainKafka(address, options))) throw error;
    throw new KafkaConnectError('tlsPlainPort', {
      address: addressText(address),
      setting: options.signIn ? 'SASL_PLAINTEXT' : 'PLAINTEXT',
    });
  }
}

async function speaksPlainKafka(address: KafkaAddress, options: ConnectionOptions): Promise<boolean> {
  try {
    const channel = new Channel(await dialPlain(address, options.connectTimeoutMs), options.clientId);
    try {
      await channel.send(apiVersionsRequest, 0, options.connectTimeoutMs);
      return true;
    } finally {
      channel.end(new ChannelError('closed', 'it was only a look'));
    }
  } catch {
    return false;
  }
}

/** Why the first request was not answered. */
function explainFirst(
  address: KafkaAddress,
  { tls, signIn: sign, connectTimeoutMs }: ConnectionOptions,
  error: unknown,
): Error {
  if (!(error instanceof ChannelError)) return error instanceof Error ? error : new Error(String(error));
  const values = { address: addressText(address), ms: String(connectTimeoutMs) };
  if (tls && error.cause) {
    // In TLS 1.3 a broker refuses a client's certificate after the handshake.
    const refused = tlsError(address, tls, error.cause);
    if (refused.code !== 'tlsNone') return refused;
  }
  if (tls && error.failure === 'closed')
    return new KafkaConnectError(tls.settings.client ? 'tlsClientRefused' : 'tlsClientNeeded', {
      ...values,
      code: 'closed after the handshake',
    });
  if (error.failure === 'silent') return new KafkaConnectError('kafkaSilent', values);
  const start = error.received;
  // The alert of a TLS listener, RFC 8446 section 5.1.
  if (!tls && start?.[0] === 0x15 && start[1] === 3)
    return new KafkaConnectError('kafkaTlsPort', { ...values, setting: sign ? 'SASL_SSL' : 'SSL' });
  if (start)
    return new KafkaConnectError('kafkaOther', {
      ...values,
      start: JSON.stringify(start.toString('latin1').replace(/[^\x20-\x7e]/g, '.')),
    });
  return new KafkaConnectError('kafkaClosed', values);
}

async function signIn(
  address: KafkaAddress,
  options: ConnectionOptions,
  sign: SignIn,
  channel: Channel,
  onEvent: (event: ConnectionEvent) => void,
): Promise<number> {
  const { requestTimeoutMs } = options;
  const { mechanism, user } = sign;
  const values = { address: addressText(address), mechanism };
  try {
    const { error, offers } = await channel.send(saslHandshakeRequest(mechanism), 1, requestTimeoutMs);
    if (error === ILLEGAL_SASL_STATE)
      throw new KafkaConnectError('signInNotWanted', {
        ...values,
        setting: options.tls ? 'SSL' : 'PLAINTEXT',
      });
    if (error === UNSUPPORTED_SASL_MECHANISM || error !== 0)
      throw new KafkaConnectError('signInNotOffered', { ...values, offers: offers.join(', ') });
    const { lifetimeMs } = await sign.run(address, (message) =>
      channel.send(saslAuthenticateRequest(message), 1, requestTimeoutMs),
    );
    onEvent({ step: 'signIn', mechanism, user, lifetimeMs });
    return lifetimeMs;
  } catch (error) {
    throw error instanceof ChannelError
      ? new KafkaConnectError('signInClosed', values, { cause: error })
      : error;
  }
}

/**
 * Why a broker closed a connection without sign-in, at its first request after ApiVersions.
 * @returns null where the listener requires no sign-in, so that the reason is another
 */
export async function explainClosed(
  address: KafkaAddress,
  options: ConnectionOptions,
): Promise<KafkaConnectError | null> {
  if (options.signIn) return null;
  try {
    const channel = new Channel(await dial(address, options), options.clientId);
    try {
      const { offers } = await channel.send(saslHandshakeRequest('COURIER'), 1, options.connectTimeoutMs);
      if (offers.length === 0) return null;
      return new KafkaConnectError('signInNeeded', {
        address: addressText(address),
        setting: options.tls ? 'SASL_SSL' : 'SASL_PLAINTEXT',
        offers: offers.join(', '),
      });
    } finally {
      channel.end(new ChannelError('closed', 'it was only a look'));
    }
  } catch (error) {
    const code = error instanceof ChannelError && error.cause ? codeOf(error.cause) : '';
    return isClientRefusal(code)
      ? new KafkaConnectError('tlsClientNeeded', { address: addressText(address) })
      : null;
  }
}
