import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Of every key store that tests make; what it protects is worth nothing. */
export const STORE_PASSWORD = 'changeit';
const DAYS = '3650';
const KEY = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', DAYS];

/** Files of a test authority: paths of PKCS12 stores, and its certificate as PEM. */
export interface Certificates {
  ca: string;
  server: string;
  trust: string;
  client: string;
}

/**
 * Makes an authority, with a certificate of a broker on this machine and one of a client, by Java's own keytool. They
 * are made once and kept, since that takes some seconds.
 */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const certificates = filesOf(folder);
  if (fs.existsSync(folder)) return certificates;
  const part = `${folder}.${process.pid}.part`;
  fs.mkdirSync(part, { recursive: true });
  const at = (name: string) => path.join(part, name);
  const keytool = (store: string, ...options: string[]) =>
    run('keytool', [
      ...options,
      '-keystore',
      at(store),
      '-storetype',
      'PKCS12',
      '-storepass',
      STORE_PASSWORD,
    ]);
  await keytool(
    'ca.p12',
    '-genkeypair',
    '-alias',
    'ca',
    '-dname',
    'CN=courier-test-ca',
    '-ext',
    'bc:c',
    ...KEY,
  );
  await keytool('ca.p12', '-exportcert', '-alias', 'ca', '-rfc', '-file', at('ca.pem'));
  await keytool('trust.p12', '-importcert', '-alias', 'ca', '-file', at('ca.pem'), '-noprompt');
  const issue = async (name: string, ...extensions: string[]) => {
    const store = `${name}.p12`;
    await keytool(store, '-genkeypair', '-alias', name, '-dname', `CN=${name}`, ...KEY);
    await keytool(store, '-certreq', '-alias', name, '-file', at(`${name}.csr`));
    const files = ['-infile', at(`${name}.csr`), '-outfile', at(`${name}.pem`)];
    await keytool('ca.p12', '-gencert', '-alias', 'ca', '-rfc', '-validity', DAYS, ...extensions, ...files);
    await keytool(store, '-importcert', '-alias', 'ca', '-file', at('ca.pem'), '-noprompt');
    await keytool(store, '-importcert', '-alias', name, '-file', at(`${name}.pem`));
  };
  await issue('server', '-ext', 'san=dns:localhost,ip:127.0.0.1');
  await issue('client');
  try {
    fs.renameSync(part, folder);
  } catch (error) {
    // Another run was quicker.
    if (!fs.existsSync(folder)) throw error;
    fs.rmSync(part, { recursive: true, force: true });
  }
  return certificates;
}

function filesOf(folder: string): Certificates {
  return {
    ca: path.join(folder, 'ca.pem'),
    server: path.join(folder, 'server.p12'),
    trust: path.join(folder, 'trust.p12'),
    client: path.join(folder, 'client.p12'),
  };
}
