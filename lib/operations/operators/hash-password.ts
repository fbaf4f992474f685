import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's parameters: N = 2^17, r = 8, p = 1. Each hash contains its own, so that new defaults keep old hashes valid. */
const PARAMETERS = { log2N: 17, r: 8, p: 1 };
const KEY_BYTES = 32;

/** Hashes a password as `scrypt$17$8$1$salt$hash`, in base64url. It takes 128 MB of memory: see `hashing`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const { log2N, r, p } = PARAMETERS;
  const key = await derive(password, salt, log2N, r, p);
  return ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Checks a password against a hash. An invalid hash takes as long as a valid one, so that the duration does not reveal
 * which names exist. The check takes 128 MB of memory: see `hashing`.
 */
export async function checkPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, log2N, r, p, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) {
    await derive(password, Buffer.alloc(16), PARAMETERS.log2N, PARAMETERS.r, PARAMETERS.p);
    return false;
  }
  const expected = Buffer.from(key, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), Number(log2N), Number(r), Number(p));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(password: string, salt: Buffer, log2N: number, r: number, p: number): Promise<Buffer> {
  const N = 2 ** log2N;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 129 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
