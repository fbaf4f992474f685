import { isIPv6 } from 'node:net';

/** Where a broker listens. */
export interface KafkaAddress {
  /** A name or an IP address; an IPv6 address has no brackets. */
  host: string;
  port: number;
}

/** The form of an address, for error messages. */
export const ADDRESS_FORM = 'host:port, or [IPv6]:port, with a port from 1 to 65535';

const FORM = /^(?:\[([0-9a-fA-F:.%]+)\]|([a-zA-Z0-9._-]+)):(\d{1,5})$/;

/** Reads `host:port` or `[IPv6]:port`; null for everything else, such as a scheme, a user or a port that cannot be. */
export function parseAddress(text: string): KafkaAddress | null {
  const match = FORM.exec(text.trim());
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) return null;
  const [, v6, name] = match;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : null;
  return name !== undefined && name !== '.' ? { host: name, port } : null;
}

/** The text of an address, as `parseAddress` reads it. */
export function addressText({ host, port }: KafkaAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A malformed address for an error message: the part before `@` may be a password, so it is left out. */
export function withoutSecret(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? text : `***${text.slice(at)}`;
}
