import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { ClientCertificate, TlsSettings } from '../settings/tls-settings';
import { KafkaConnectError } from './connect-error';

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;
const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----/;

/** Certificates and keys as TLS takes them. */
export type TlsMaterial = Pick<
  SecureContextOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'minVersion' | 'maxVersion'
>;

/**
 * Reads the files of TLS anew for each connection, so that rotated certificates are used without a restart. While files
 * are being replaced and do not match, the last ones that did are used.
 */
export class TlsFiles {
  private last: TlsMaterial | null = null;

  constructor(readonly settings: TlsSettings) {}

  /** @throws KafkaConnectError files* or tlsClientExpired where no files were ever good */
  read(): TlsMaterial {
    try {
      this.last = readMaterial(this.settings);
      return this.last;
    } catch (error) {
      if (this.last) return this.last;
      throw error;
    }
  }
}

function readMaterial(settings: TlsSettings): TlsMaterial {
  const material: TlsMaterial = {
    minVersion: settings.minVersion,
    maxVersion: settings.maxVersion,
    ...readAuthorities(settings),
    ...(settings.client ? readClient(settings.client) : {}),
  };
  try {
    createSecureContext(material);
  } catch (error) {
    throw whyUnusable(error, settings.client);
  }
  const [certificate] = typeof material.cert === 'string' ? (material.cert.match(CERTIFICATE) ?? []) : [];
  if (certificate) checkDates(new X509Certificate(certificate));
  return material;
}

function readAuthorities({ caFile, caText }: TlsSettings): TlsMaterial {
  if (caText !== null) return { ca: certificatesOf(caText, 'ssl.truststore.certificates') };
  if (caFile === null) return {};
  const bytes = bytesOf(caFile, 'ssl.truststore.location');
  const kind = kindOf(bytes);
  if (kind === 'PKCS12') throw new KafkaConnectError('filesTrust', { file: caFile });
  if (kind !== 'PEM') throw notReadable(caFile, kind);
  return { ca: certificatesOf(bytes.toString('utf8'), caFile) };
}

function readClient(client: ClientCertificate): TlsMaterial {
  const passphrase = client.passphrase === null ? {} : { passphrase: client.passphrase };
  if (client.kind === 'text') return pemPair(client.certificate, client.key, 'ssl.keystore', passphrase);
  if (client.kind === 'files') {
    const certificate = bytesOf(client.certificateFile, 'ssl.certificate.location');
    const secret = bytesOf(client.keyFile, 'ssl.key.location');
    return pemPair(certificate.toString('utf8'), secret.toString('utf8'), client.certificateFile, passphrase);
  }
  const bytes = bytesOf(client.file, 'ssl.keystore.location');
  const kind = kindOf(bytes);
  if (kind === 'PKCS12') return { pfx: bytes, ...passphrase };
  if (kind !== 'PEM') throw notReadable(client.file, kind);
  const text = bytes.toString('utf8');
  return pemPair(text, text, client.file, passphrase);
}

function pemPair(
  certificates: string,
  keyText: string,
  where: string,
  passphrase: { passphrase?: string },
): TlsMaterial {
  const [key] = KEY.exec(keyText) ?? [];
  if (!key) throw new KafkaConnectError('filesNoKey', { file: where });
  return { cert: certificatesOf(certificates, where).join('\n'), key, ...passphrase };
}

function certificatesOf(text: string, where: string): string[] {
  const found = text.match(CERTIFICATE);
  // Node.js takes a file without a certificate for an empty list, and then trusts no certificate without an error.
  if (!found) throw new KafkaConnectError('filesNoCertificate', { file: where });
  return found;
}

function bytesOf(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new KafkaConnectError('filesUnreadable', { setting, file, code });
  }
}

type StoreKind = 'JKS' | 'JCEKS' | 'PKCS12' | 'PEM' | 'unknown';

function kindOf(bytes: Buffer): StoreKind {
  if (bytes.includes('-----BEGIN')) return 'PEM';
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0xfeedfeed) return 'JKS';
  if (magic === 0xcececece) return 'JCEKS';
  return bytes[0] === 0x30 ? 'PKCS12' : 'unknown';
}

function notReadable(file: string, kind: StoreKind): KafkaConnectError {
  if (kind === 'unknown') return new KafkaConnectError('filesUnknown', { file });
  return new KafkaConnectError('filesJks', { file, store: kind });
}

/** The meaning of an OpenSSL error about a key. */
function whyUnusable(error: unknown, client: ClientCertificate | null): KafkaConnectError {
  const reason = error instanceof Error ? error.message : String(error);
  const file =
    client?.kind === 'store' ? client.file : client?.kind === 'files' ? client.keyFile : 'ssl.keystore.key';
  if (/mac verify failure|bad decrypt|bad password|bad pass|interrupted or cancelled/i.test(reason))
    return new KafkaConnectError('filesPassphrase', { file });
  if (/key values mismatch/i.test(reason)) return new KafkaConnectError('filesMismatch', { file });
  if (/Unsupported PKCS12/i.test(reason)) return new KafkaConnectError('filesOldStore', { file });
  return new KafkaConnectError('filesUnusable', { reason });
}

function checkDates(certificate: X509Certificate): void {
  if (Date.parse(certificate.validTo) < Date.now())
    throw new KafkaConnectError('tlsClientExpired', {
      subject: certificate.subject.replaceAll('\n', ', '),
      until: dayOf(certificate.validTo),
    });
}

/** The day of a certificate's date, as 2026-11-30. */
export function dayOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : new Date(time).toISOString().slice(0, 10);
}
