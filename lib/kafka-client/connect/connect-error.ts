/** Values that a sentence about a failed connection names. */
export type CauseValues = Record<string, string>;

/**
 * Why a connection could not be made, each with its sentence. `{name}` is replaced by a value. The console has the same
 * sentences in its languages (`messages/<language>/connection.json`, section `cause`); a test holds the English ones together.
 */
export const CAUSES = {
  nameUnknown: 'The name {host} is not known here ({code}).',
  portRefused: 'Nothing listens at {address}.',
  portSilent: '{address} does not answer within {ms} ms: a firewall, or another network.',
  portUnreachable: '{address} cannot be reached ({code}).',
  filesUnreadable: '{setting}: the file {file} cannot be read ({code}).',
  filesJks:
    '{file} is a {store} store, which Node.js cannot read. Make a PKCS12 store of it: keytool -importkeystore -srckeystore {file} -destkeystore {file}.p12 -deststoretype PKCS12. Of a store without a key then a PEM file: openssl pkcs12 -in {file}.p12 -nokeys -out ca.pem',
  filesTrust:
    '{file} is a PKCS12 store without a key, which Node.js cannot read. Make a PEM file of it: openssl pkcs12 -in {file} -nokeys -out ca.pem',
  filesUnknown: '{file} is neither PEM nor PKCS12.',
  filesNoCertificate: '{file} holds no certificate (PEM).',
  filesNoKey: '{file} holds no private key (PEM).',
  filesPassphrase:
    'The passphrase of {file} is wrong or missing (ssl.key.password or ssl.keystore.password).',
  filesMismatch: 'The key of {file} does not belong to its certificate.',
  filesOldStore:
    '{file} is a PKCS12 store in an old encryption. Make it anew: openssl pkcs12 -legacy -in {file} -nodes -out client.pem',
  filesUnusable: 'The certificates or the key cannot be used: {reason}.',
  tlsPlainPort:
    'The port {address} speaks Kafka without TLS. Set security.protocol to {setting}, or use the port of the TLS listener.',
  tlsNone: '{address} does not speak TLS ({code}).',
  tlsSilent: '{address} takes connections, but does not answer TLS within {ms} ms.',
  tlsVersion: '{address} takes other versions of TLS than {versions}. See ssl.enabled.protocols.',
  tlsUnknownAuthority:
    'The certificate of {address} is issued by {issuer}, which is not trusted here. Name its CA file in ssl.truststore.location.',
  tlsWrongName:
    'The certificate of {address} is for {names}, not for {host}. Use one of these names, or set ssl.server.name.',
  tlsExpired: 'The certificate of {address} expired on {until}.',
  tlsNotYetValid: 'The certificate of {address} is valid from {from} on only; compare the clocks.',
  tlsUntrusted: 'The certificate of {address} is not accepted ({code}).',
  tlsClientNeeded:
    'The broker at {address} asks for a client certificate. Name one in ssl.keystore.location.',
  tlsClientRefused:
    'The broker at {address} does not accept the client certificate: its authority is not trusted there, or it is not valid ({code}).',
  tlsClientExpired: 'The client certificate ({subject}) expired on {until}.',
  kafkaTlsPort:
    'The port {address} speaks TLS. Set security.protocol to {setting}, or use the port of the plaintext listener.',
  kafkaSilent: '{address} takes connections, but does not answer within {ms} ms.',
  kafkaOther: 'What answers at {address} is not Kafka (it began with {start}).',
  kafkaClosed: '{address} closed the connection at the first request: it is not Kafka, or older than 0.10.',
  versionTooOld:
    'The broker at {address} is too old (Kafka {version}): {lacks}. Courier works with Kafka 2.8 and newer.',
  signInNeeded:
    'The broker at {address} asks who is there, and no user is set. Set security.protocol to {setting}; it offers {offers}.',
  signInNotOffered: 'The broker at {address} does not take {mechanism}; it offers {offers}.',
  signInNotWanted:
    'The listener {address} signs nobody in. Set security.protocol to {setting}, or use the port of the SASL listener.',
  signInWrong:
    'The broker at {address} refused the user {user}: the user is unknown, or the password is wrong.',
  signInWrongPassword: 'The broker at {address} refused the password of the user {user}.',
  signInUnknownUser: 'The broker at {address} has no {mechanism} password of a user {user}.',
  signInClosed: '{address} closed the connection while signing in by {mechanism}.',
  signInTokenRefused: 'The broker at {address} did not accept the token: {answer} {claims}',
  tokenUnreachable: 'The token endpoint {endpoint} cannot be reached ({code}).',
  tokenSilent: 'The token endpoint {endpoint} does not answer within {ms} ms.',
  tokenRefused: 'The token endpoint {endpoint} refused: {answer}',
  awsCredentials: 'AWS gives no credentials for signing in: {reason}',
  awsRegion: 'The AWS region is not known from {address}. Set aws.region.',
  advertisedUnknown:
    'Broker {id} says that it is at {address}, and this name is not known here ({code}). It is what advertised.listeners of the broker says; every client has to reach it.',
  advertisedUnreachable:
    'Broker {id} says that it is at {address}, which cannot be reached from here ({code}). It is what advertised.listeners of the broker says; every client has to reach it.',
} as const;

export type CauseCode = keyof typeof CAUSES;

/** Why a connection could not be made. Nothing was sent over it but the sign-in. */
export class KafkaConnectError extends Error {
  override readonly name = 'KafkaConnectError';

  constructor(
    readonly code: CauseCode,
    readonly values: CauseValues = {},
    options?: ErrorOptions,
  ) {
    super(sentenceOfCause(code, values), options);
  }

  /** Whether a later try may succeed without a change of settings. kafkajs reads this by the same name. */
  get retriable(): boolean {
    return /^(name|port|kafkaSilent|token(Unreachable|Silent)|advertised)/.test(this.code);
  }
}

/** The sentence of a cause, in English. */
export function sentenceOfCause(code: CauseCode, values: CauseValues): string {
  return CAUSES[code].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '').trim();
}

/** The code of an error of Node's, such as ECONNREFUSED. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.message : String(error);
}
