import type { SettingsInput } from './kafka-settings';

/** Files and limits of TLS; the files are opened when a connection is made, so that they may be replaced. */
export interface TlsSettings {
  /** PEM file of the authorities that are trusted instead of the system's. */
  caFile: string | null;
  /** The same as text. */
  caText: string | null;
  client: ClientCertificate | null;
  /** The name that the brokers' certificates have to hold; null: the host of each address. */
  serverName: string | null;
  /** Whether a certificate has to be of the host that was asked for. */
  checksName: boolean;
  minVersion: TlsVersion;
  maxVersion: TlsVersion;
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** A client's certificate and key. */
export type ClientCertificate =
  | { kind: 'store'; file: string; passphrase: string | null }
  | { kind: 'files'; certificateFile: string; keyFile: string; passphrase: string | null }
  | { kind: 'text'; certificate: string; key: string; passphrase: string | null };

/** Settings of TLS, each with what it is: Kafka's names, librdkafka's for three PEM files, and `ssl.server.name` of our own. */
export const TLS_KEYS: Readonly<Record<string, string>> = {
  'ssl.truststore.location': "PEM file of the authorities that are trusted; unset: the system's",
  'ssl.truststore.certificates': 'the same as PEM text',
  'ssl.ca.location': "the same by librdkafka's name",
  'ssl.keystore.location': 'PEM file with key and certificates of the client, or a PKCS12 store',
  'ssl.keystore.password': 'password of that store',
  'ssl.keystore.certificate.chain': 'certificates of the client as PEM text',
  'ssl.keystore.key': 'key of the client as PEM text',
  'ssl.certificate.location': "PEM file of the client's certificates, by librdkafka's name",
  'ssl.key.location': "PEM file of the client's key, by librdkafka's name",
  'ssl.key.password': 'passphrase of the key',
  'ssl.server.name': "name that the brokers' certificates have to hold; unset: the host of each address",
  'ssl.enabled.protocols': 'TLSv1.2, TLSv1.3 or both',
  'ssl.endpoint.identification.algorithm': 'https, or nothing, which accepts a certificate of any name',
};

const VERSIONS: TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** Reads the settings of TLS; problems are reported through `input`. */
export function readTls(input: SettingsInput): TlsSettings {
  const [minVersion, maxVersion] = readVersions(input);
  const algorithm = input.get('ssl.endpoint.identification.algorithm');
  if (algorithm !== null && algorithm.toLowerCase() !== 'https')
    input.problem(
      `ssl.endpoint.identification.algorithm is ${JSON.stringify(algorithm)}; allowed is https, or nothing, which accepts a certificate of any name.`,
    );
  return {
    caFile: input.get('ssl.truststore.location') ?? input.get('ssl.ca.location'),
    caText: input.get('ssl.truststore.certificates'),
    client: readClient(input),
    serverName: input.get('ssl.server.name'),
    checksName: algorithm !== null || !input.has('ssl.endpoint.identification.algorithm'),
    minVersion,
    maxVersion,
  };
}

function readClient(input: SettingsInput): ClientCertificate | null {
  const store = input.get('ssl.keystore.location');
  const keyPassword = input.get('ssl.key.password');
  const passphrase = keyPassword ?? input.get('ssl.keystore.password');
  if (store !== null) return { kind: 'store', file: store, passphrase };
  const [chain, key] = [input.get('ssl.keystore.certificate.chain'), input.get('ssl.keystore.key')];
  if (chain !== null && key !== null)
    return { kind: 'text', certificate: chain, key, passphrase: keyPassword };
  const [certificateFile, keyFile] = [input.get('ssl.certificate.location'), input.get('ssl.key.location')];
  if (certificateFile !== null && keyFile !== null)
    return { kind: 'files', certificateFile, keyFile, passphrase: keyPassword };
  const alone =
    (chain !== null && 'ssl.keystore.certificate.chain without ssl.keystore.key') ||
    (key !== null && 'ssl.keystore.key without ssl.keystore.certificate.chain') ||
    (certificateFile !== null && 'ssl.certificate.location without ssl.key.location') ||
    (keyFile !== null && 'ssl.key.location without ssl.certificate.location');
  if (alone) input.problem(`${alone}: a client certificate needs both.`);
  return null;
}

function readVersions(input: SettingsInput): [TlsVersion, TlsVersion] {
  const text = input.get('ssl.enabled.protocols');
  if (text === null) return ['TLSv1.2', 'TLSv1.3'];
  const given = text.split(',').map((version) => version.trim());
  const known = VERSIONS.filter((version) => given.includes(version));
  const [first, last] = [known[0], known.at(-1)];
  if (first && last) return [first, last];
  input.problem(`ssl.enabled.protocols is ${JSON.stringify(text)}; allowed is TLSv1.2, TLSv1.3 or both.`);
  return ['TLSv1.2', 'TLSv1.3'];
}
