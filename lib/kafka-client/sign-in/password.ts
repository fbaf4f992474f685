import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { KafkaConnectError } from '../connect/connect-error';
import type { PasswordSignIn } from '../settings/sasl-settings';
import type { AuthenticateAnswer, Exchange } from './exchange';

const pbkdf2Async = promisify(pbkdf2);
/** A broker names how much work checking a password is; more than this would only keep this process busy. */
const MAX_ITERATIONS = 1_000_000;

/** Signs in by user and password. @throws KafkaConnectError with what the broker refused, if it reveals it */
export function signInByPassword(
  sign: PasswordSignIn,
  address: string,
  exchange: Exchange,
): Promise<AuthenticateAnswer> {
  return sign.mechanism === 'PLAIN' ? plain(sign, address, exchange) : scram(sign, address, exchange);
}

/** RFC 4616. The broker answers an unknown user and a wrong password alike. */
async function plain(sign: PasswordSignIn, address: string, exchange: Exchange): Promise<AuthenticateAnswer> {
  const answer = await exchange(Buffer.from(`\0${sign.username}\0${sign.password}`));
  if (answer.error !== 0) throw new KafkaConnectError('signInWrong', { address, user: sign.username });
  return answer;
}

/** RFC 5802. A broker that ends in the first round has no password of that user for this mechanism. */
async function scram(sign: PasswordSignIn, address: string, exchange: Exchange): Promise<AuthenticateAnswer> {
  const { mechanism, username: user } = sign;
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
  const nonce = randomBytes(18).toString('base64url');
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const first = await exchange(Buffer.from(`n,,${bare}`));
  if (first.error !== 0) throw new KafkaConnectError('signInUnknownUser', { address, user, mechanism });
  const challenge = first.data.toString('utf8');
  const fields = attributesOf(challenge);
  const [salt, iterations, serverNonce] = [fields.get('s'), Number(fields.get('i')), fields.get('r')];
  if (!salt || !serverNonce?.startsWith(nonce) || !(iterations > 0 && iterations <= MAX_ITERATIONS))
    throw new KafkaConnectError('signInClosed', { address, mechanism });
  const bytes = hash === 'sha256' ? 32 : 64;
  const password = sign.password.normalize('NFKC');
  const salted = await pbkdf2Async(password, Buffer.from(salt, 'base64'), iterations, bytes, hash);
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const final = `c=biws,r=${serverNonce}`;
  const signed = `${bare},${challenge},${final}`;
  const signature = hmac(createHash(hash).update(clientKey).digest(), signed);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  const answer = await exchange(Buffer.from(`${final},p=${proof.toString('base64')}`));
  if (answer.error !== 0) throw new KafkaConnectError('signInWrongPassword', { address, user });
  const expected = hmac(hmac(salted, 'Server Key'), signed);
  const proven = Buffer.from(attributesOf(answer.data.toString('utf8')).get('v') ?? '', 'base64');
  // Only a peer that has the password can answer this.
  if (proven.length !== expected.length || !timingSafeEqual(proven, expected))
    throw new KafkaConnectError('signInClosed', { address, mechanism });
  return answer;
}

function attributesOf(text: string): Map<string, string> {
  return new Map(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}
