import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Of every key store that tests make; what it protects is worth nothing. */
export const STORE_PASSWORD = 'changeit';
const DAYS = '3650';
const KEY = ['-keyalg', 'EC', '-groupname', 'secp256r1'];

/** Files of a test authority: paths of PKCS12 stores, and of PEM files. */
export interface Certificates {
  /** Certificate of the authority, PEM. */
  ca: string;
  /** Of an authority that no broker trusts, PEM. */
  otherCa: string;
  /** Brokers' stores: a good one, one that expired, one that is not valid yet, one of another name. */
  server: string;
  expired: string;
  future: string;
  named: string;
  trust: string;
  /** Clients' stores: a good one, one that expired, one of the other authority. */
  client: string;
  expiredClient: string;
  otherClient: string;
  /** Key and certificates of the good client, PEM. */
  clientPem: string;
  /** The store of trusted authorities in Java's own form, which Node.js cannot read. */
  jks: string;
}

const SERVER = ['-ext', 'san=dns:localhost,ip:127.0.0.1'];

/**
 * Makes an authority with certificates of brokers on this machine and of clients, good and bad, by Java's keytool, and PEM
 * files of them by openssl. They are kept in a folder, since that takes some seconds.
 */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const certificates = filesOf(folder);
  if (fs.existsSync(folder)) return certificates;
  const part = `${folder}.${process.pid}.part`;
  fs.mkdirSync(part, { recursive: true });
  const at = (name: string) => path.join(part, name);
  await makeAuthority(at, 'ca');
  await makeAuthority(at, 'other-ca');
  await keytool(at('trust.p12'), '-importcert', '-alias', 'ca', '-file', at('ca.pem'), '-noprompt');
  await run('keytool', [
    ...['-importcert', '-alias', 'ca', '-file', at('ca.pem'), '-noprompt'],
    ...['-keystore', at('trust.jks'), '-storetype', 'JKS', '-storepass', STORE_PASSWORD],
  ]);
  await issue(at, 'ca', 'server', SERVER);
  await issue(at, 'ca', 'expired', [...SERVER, '-startdate', '-10d'], 5);
  await issue(at, 'ca', 'future', [...SERVER, '-startdate', '+2d']);
  await issue(at, 'ca', 'named', ['-ext', 'san=dns:broker.example.test']);
  await issue(at, 'ca', 'client', []);
  await issue(at, 'ca', 'expired-client', ['-startdate', '-10d'], 5);
  await issue(at, 'other-ca', 'other-client', []);
  await run('openssl', [
    ...['pkcs12', '-in', at('client.p12'), '-nodes', '-out', at('client-both.pem')],
    ...['-passin', `pass:${STORE_PASSWORD}`],
  ]);
  try {
    fs.renameSync(part, folder);
  } catch (error) {
    // Another run was quicker.
    if (!fs.existsSync(folder)) throw error;
    fs.rmSync(part, { recursive: true, force: true });
  }
  return certificates;
}

type At = (name: string) => string;

function keytool(store: string, ...options: string[]) {
  return run('keytool', [
    ...options,
    ...['-keystore', store, '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD],
  ]);
}

async function makeAuthority(at: At, name: string): Promise<void> {
  const store = at(`${name}.p12`);
  const subject = ['-alias', name, '-dname', `CN=courier-test-${name}`];
  await keytool(store, '-genkeypair', ...subject, '-ext', 'bc:c', ...KEY, '-validity', DAYS);
  await keytool(store, '-exportcert', '-alias', name, '-rfc', '-file', at(`${name}.pem`));
}

async function issue(
  at: At,
  authority: string,
  name: string,
  options: string[],
  days: number | string = DAYS,
): Promise<void> {
  const store = at(`${name}.p12`);
  await keytool(store, '-genkeypair', '-alias', name, '-dname', `CN=${name}`, ...KEY);
  await keytool(store, '-certreq', '-alias', name, '-file', at(`${name}.csr`));
  const files = ['-infile', at(`${name}.csr`), '-outfile', at(`${name}.pem`)];
  const signing = ['-gencert', '-alias', authority, '-rfc', '-validity', String(days), ...options, ...files];
  await keytool(at(`${authority}.p12`), ...signing);
  await keytool(store, '-importcert', '-alias', authority, '-file', at(`${authority}.pem`), '-noprompt');
  await keytool(store, '-importcert', '-alias', name, '-file', at(`${name}.pem`));
}

function filesOf(folder: string): Certificates {
  const at = (name: string) => path.join(folder, name);
  return {
    ca: at('ca.pem'),
    otherCa: at('other-ca.pem'),
    server: at('server.p12'),
    expired: at('expired.p12'),
    future: at('future.p12'),
    named: at('named.p12'),
    trust: at('trust.p12'),
    client: at('client.p12'),
    expiredClient: at('expired-client.p12'),
    otherClient: at('other-client.p12'),
    clientPem: at('client-both.pem'),
    jks: at('trust.jks'),
  };
}
