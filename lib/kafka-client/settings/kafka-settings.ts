import { addressText, ADDRESS_FORM, parseAddress, withoutSecret, type KafkaAddress } from './address';
import { isNotNeeded, REFUSED_KEYS } from './java-keys';
import { readSasl, SASL_KEYS, type SaslSettings } from './sasl-settings';
import { readTls, TLS_KEYS, type TlsSettings } from './tls-settings';

/** How to connect to one Kafka, as read from settings named like those of Kafka's own clients. */
export interface KafkaSettings {
  addresses: KafkaAddress[];
  protocol: SecurityProtocol;
  clientId: string | null;
  /** Milliseconds; null: the caller's own. */
  requestTimeoutMs: number | null;
  connectTimeoutMs: number | null;
  /** null: plaintext. */
  tls: TlsSettings | null;
  /** null: without a name. */
  sasl: SaslSettings | null;
  /** Settings of Java's clients that were given and are not needed. */
  notNeeded: string[];
}

export const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number];

/** Settings that cannot work; each problem names the setting, its value unless it is a secret, and what is allowed. */
export class KafkaSettingsError extends Error {
  override readonly name = 'KafkaSettingsError';
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
  }
}

/** Where readers of one group of settings take values from and leave what is wrong. */
export interface SettingsInput {
  /** The value of a setting; null where it is absent or empty. */
  get(key: string): string | null;
  /** Whether the setting is given, also as an empty text. */
  has(key: string): boolean;
  problem(sentence: string): void;
}

/** Settings that are read here, whatever the security protocol is. */
const COMMON_KEYS: Readonly<Record<string, string>> = {
  'bootstrap.servers': 'brokers as host:port, separated by commas',
  'security.protocol': 'PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL',
  'client.id': "name by which the brokers' logs and quotas know Courier",
  'request.timeout.ms': 'milliseconds after which a request counts as unanswered',
  'socket.connection.setup.timeout.ms': 'milliseconds within which a connection has to be made',
};
/** Every setting that changes how Courier connects, with what it is. */
export const CONNECTION_SETTINGS: Readonly<Record<string, string>> = {
  ...COMMON_KEYS,
  ...TLS_KEYS,
  ...SASL_KEYS,
};
const CONNECTION_KEYS = Object.keys(CONNECTION_SETTINGS);

const MAX_TIMEOUT_MS = 600_000;

/**
 * Reads settings named as Kafka's Java clients name them (kafka.apache.org, "Admin Configs"); `client.properties` is
 * accepted as it is. Files that are named are not opened here.
 * @param properties values by name, such as `security.protocol`
 * @throws KafkaSettingsError with every problem at once
 */
export function readKafkaSettings(properties: Record<string, string>): KafkaSettings {
  const problems: string[] = [];
  const input: SettingsInput = {
    get: (key) => properties[key]?.trim() || null,
    has: (key) => key in properties,
    problem: (sentence) => problems.push(sentence),
  };
  const notNeeded = sortOut(Object.keys(properties), problems);
  const protocol = readProtocol(input);
  const settings: KafkaSettings = {
    addresses: readAddresses(input),
    protocol,
    clientId: input.get('client.id'),
    requestTimeoutMs: readMilliseconds(input, 'request.timeout.ms'),
    connectTimeoutMs: readMilliseconds(input, 'socket.connection.setup.timeout.ms'),
    tls: protocol.endsWith('SSL') ? readTls(input) : null,
    sasl: protocol.startsWith('SASL') ? readSasl(input) : null,
    notNeeded,
  };
  if (!protocol.startsWith('SASL')) warnOfUnusedSignIn(input, protocol);
  if (problems.length > 0) throw new KafkaSettingsError(problems);
  return settings;
}

/** Reads a comma-separated list of addresses. @returns the addresses, or a sentence with the problem */
export function readAddressList(text: string): KafkaAddress[] | string {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  if (entries.length === 0) return `it names no address; allowed is ${ADDRESS_FORM}`;
  const addresses: KafkaAddress[] = [];
  for (const entry of entries) {
    const address = parseAddress(entry);
    if (!address) return `${JSON.stringify(withoutSecret(entry))} is no address; allowed is ${ADDRESS_FORM}`;
    if (!addresses.some((known) => addressText(known) === addressText(address))) addresses.push(address);
  }
  return addresses;
}

function readAddresses(input: SettingsInput): KafkaAddress[] {
  const text = input.get('bootstrap.servers');
  if (text === null) {
    input.problem(
      'bootstrap.servers is missing: name one or more brokers as host:port, separated by commas.',
    );
    return [];
  }
  const found = readAddressList(text);
  if (typeof found !== 'string') return found;
  input.problem(`bootstrap.servers: ${found}.`);
  return [];
}

function readProtocol(input: SettingsInput): SecurityProtocol {
  const given = (input.get('security.protocol') ?? 'PLAINTEXT').toUpperCase();
  const known = SECURITY_PROTOCOLS.find((protocol) => protocol === given);
  if (!known)
    input.problem(
      `security.protocol is ${JSON.stringify(given)}; allowed is ${SECURITY_PROTOCOLS.join(', ')}.`,
    );
  return known ?? 'PLAINTEXT';
}

function readMilliseconds(input: SettingsInput, key: string): number | null {
  const text = input.get(key);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 100 && value <= MAX_TIMEOUT_MS) return value;
  input.problem(
    `${key} is ${JSON.stringify(text)}; allowed is a whole number of milliseconds from 100 to ${MAX_TIMEOUT_MS}.`,
  );
  return null;
}

/** A user with a protocol without sign-in is a mistake: the connection would be anonymous. */
function warnOfUnusedSignIn(input: SettingsInput, protocol: SecurityProtocol): void {
  const given = ['sasl.mechanism', 'sasl.jaas.config', 'sasl.username'].find(
    (key) => input.get(key) !== null,
  );
  if (given && !input.has('security.protocol'))
    input.problem(
      `${given} is given, but no security.protocol, so nobody would sign in; set security.protocol to SASL_SSL or SASL_PLAINTEXT.`,
    );
  else if (given)
    input.problem(
      `${given} is given, but security.protocol is ${protocol}, which signs nobody in; set it to SASL_${protocol === 'SSL' ? 'SSL' : 'PLAINTEXT'}, or leave ${given} out.`,
    );
}

/** Sorts out settings that are not read here: refused and unknown ones are problems. @returns those not needed */
function sortOut(keys: string[], problems: string[]): string[] {
  const read = new Set(CONNECTION_KEYS);
  const notNeeded: string[] = [];
  for (const key of keys) {
    if (read.has(key)) continue;
    const why = key.startsWith('sasl.oauthbearer.assertion.')
      ? 'signed assertions are not supported; use a client id and secret'
      : REFUSED_KEYS[key];
    if (why) problems.push(`${key}: ${why}.`);
    else if (isNotNeeded(key)) notNeeded.push(key);
    else {
      const near = nearestOf(key);
      problems.push(
        `${key} is no setting of Kafka's clients${near ? `; did you mean ${near}?` : '. Check its spelling, or leave it out.'}`,
      );
    }
  }
  return notNeeded.sort();
}

function nearestOf(key: string): string | null {
  const found = CONNECTION_KEYS.map((known) => ({ known, distance: distanceOf(key, known) })).sort(
    (a, b) => a.distance - b.distance,
  )[0];
  return found && found.distance <= 3 ? found.known : null;
}

/** Levenshtein distance. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let at = 1; at <= a.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= b.length; to += 1) {
      const changed = (row[to - 1] ?? 0) + (a[at - 1] === b[to - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
