import net from 'node:net';
import tls from 'node:tls';
import { addressText, type KafkaAddress } from '../settings/address';
import { codeOf, KafkaConnectError } from './connect-error';
import { dayOf, type TlsFiles } from './tls-files';

const KEEP_ALIVE_MS = 60_000;

/** Opens a TCP connection. @throws KafkaConnectError with the cause */
export function dialPlain(address: KafkaAddress, timeoutMs: number): Promise<net.Socket> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    const timer = setTimeout(() => {
      fail(new KafkaConnectError('portSilent', { address: addressText(address), ms: String(timeoutMs) }));
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.once('error', (error) => fail(portError(address, timeoutMs, error)));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

function portError(address: KafkaAddress, timeoutMs: number, error: unknown): KafkaConnectError {
  const code = codeOf(error);
  const values = { address: addressText(address), host: address.host, code, ms: String(timeoutMs) };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new KafkaConnectError('nameUnknown', values);
  if (code === 'ECONNREFUSED') return new KafkaConnectError('portRefused', values);
  if (code === 'ETIMEDOUT') return new KafkaConnectError('portSilent', values);
  return new KafkaConnectError('portUnreachable', values);
}

/** What a broker showed of itself in the handshake of TLS. */
export interface PeerCertificate {
  protocol: string;
  names: string;
  issuer: string;
  /** Days, as 2026-11-30. */
  from: string;
  until: string;
}

/** Opens a TLS connection whose certificate was checked before anything is sent. @throws KafkaConnectError */
export async function dialTls(
  address: KafkaAddress,
  files: TlsFiles,
  timeoutMs: number,
): Promise<tls.TLSSocket> {
  const options = tlsOptions(address, files);
  const socket = tls.connect({ ...options, socket: await dialPlain(address, timeoutMs) });
  await secured(socket, address, files, timeoutMs);
  const problem = problemOf(socket, address, files);
  if (!problem) return socket;
  socket.destroy();
  throw problem;
}

/**
 * Options of a TLS connection, with files as they are now. The certificate is not checked by Node.js, which would close the
 * connection before its certificate could be named: `problemOf` has to be asked before anything is sent.
 */
export function tlsOptions(address: KafkaAddress, files: TlsFiles): tls.ConnectionOptions {
  const { settings } = files;
  const name = settings.serverName ?? address.host;
  return {
    ...files.read(),
    rejectUnauthorized: false,
    ...(net.isIP(name) ? {} : { servername: name }),
    checkServerIdentity: (_, certificate) =>
      settings.checksName ? tls.checkServerIdentity(name, certificate) : undefined,
  };
}

/** Why the certificate of the other side is not accepted; null where it is. */
export function problemOf(
  socket: tls.TLSSocket,
  address: KafkaAddress,
  files: TlsFiles,
): KafkaConnectError | null {
  return socket.authorized ? null : untrusted(address, files, socket);
}

function secured(
  socket: tls.TLSSocket,
  address: KafkaAddress,
  files: TlsFiles,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      fail(new KafkaConnectError('tlsSilent', { address: addressText(address), ms: String(timeoutMs) }));
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.once('error', (error) => fail(tlsError(address, files, error)));
    socket.once('close', () => fail(tlsError(address, files, new Error('closed'))));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      resolve();
    });
  });
}

/** The certificate that the other side showed. */
export function peerCertificate(socket: tls.TLSSocket): PeerCertificate {
  const certificate = socket.getPeerCertificate();
  const name = (part: unknown) =>
    typeof part === 'string' ? part : Array.isArray(part) ? part.join(', ') : '?';
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    names: certificate.subjectaltname ?? `CN=${name(certificate.subject?.CN)}`,
    issuer: name(certificate.issuer?.CN ?? certificate.issuer?.O),
    from: dayOf(certificate.valid_from),
    until: dayOf(certificate.valid_to),
  };
}

function untrusted(address: KafkaAddress, files: TlsFiles, socket: tls.TLSSocket): KafkaConnectError {
  // Node.js gives the code as text where a certificate is not trusted, and an error where its name is another.
  const given: unknown = socket.authorizationError;
  const code = typeof given === 'string' ? given : codeOf(given);
  const values = {
    ...peerCertificate(socket),
    address: addressText(address),
    host: files.settings.serverName ?? address.host,
    code,
  };
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return new KafkaConnectError('tlsExpired', values);
    case 'CERT_NOT_YET_VALID':
      return new KafkaConnectError('tlsNotYetValid', values);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new KafkaConnectError('tlsWrongName', values);
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return new KafkaConnectError('tlsUnknownAuthority', values);
    default:
      return new KafkaConnectError('tlsUntrusted', values);
  }
}

/** What an error of TLS means; also of one that comes after the handshake, as refused client certificates do in TLS 1.3. */
export function tlsError(address: KafkaAddress, files: TlsFiles, error: unknown): KafkaConnectError {
  const code = codeOf(error);
  const { minVersion, maxVersion, client } = files.settings;
  const versions = minVersion === maxVersion ? minVersion : `${minVersion}, ${maxVersion}`;
  const values = { address: addressText(address), code, versions };
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/.test(code))
    return new KafkaConnectError('tlsVersion', values);
  if (isClientRefusal(code))
    return new KafkaConnectError(client === null ? 'tlsClientNeeded' : 'tlsClientRefused', values);
  return new KafkaConnectError('tlsNone', values);
}

/** Alerts by which a broker refuses a client's certificate, or the lack of one (RFC 8446 section 6.2). */
export function isClientRefusal(code: string): boolean {
  return /ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)/.test(
    code,
  );
}
