import { createHash, createHmac } from 'node:crypto';
import type { KafkaAddress } from '../settings/address';
import { addressText } from '../settings/address';
import { KafkaConnectError } from '../connect/connect-error';
import type { AwsSignIn } from '../settings/sasl-settings';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const TOKEN_SECONDS = 900;

/** Tokens for Amazon MSK with IAM, by the credentials of AWS's own chain (variables, profile, SSO, container, instance). */
export class AwsTokens {
  private provider: Promise<() => Promise<AwsCredentials>> | null = null;

  constructor(private readonly settings: AwsSignIn) {}

  /** @throws KafkaConnectError awsRegion or awsCredentials */
  async tokenFor(address: KafkaAddress): Promise<string> {
    const region = this.settings.region ?? regionOf(address.host) ?? process.env.AWS_REGION;
    if (!region) throw new KafkaConnectError('awsRegion', { address: addressText(address) });
    return signedToken(region, await this.credentials(), new Date());
  }

  private async credentials(): Promise<AwsCredentials> {
    const { profile } = this.settings;
    // The chain caches what it found until shortly before it ends.
    this.provider ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) =>
      defaultProvider(profile === null ? {} : { profile }),
    );
    try {
      return await (
        await this.provider
      )();
    } catch (error) {
      throw new KafkaConnectError('awsCredentials', {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

/** The region in a broker's name, such as b-1.orders.abc123.c2.kafka.eu-central-1.amazonaws.com. */
export function regionOf(host: string): string | null {
  return /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1] ?? null;
}

/**
 * A token for Amazon MSK: the address of a "kafka-cluster:Connect" request, signed in its query (AWS Signature Version 4,
 * "Authenticating requests: using query parameters"), in base64url.
 */
export function signedToken(region: string, credentials: AwsCredentials, now: Date): string {
  const host = `kafka.${region}.amazonaws.com`;
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, 'kafka-cluster', 'aws4_request'];
  const query = queryOf({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [credentials.accessKeyId, ...scope].join('/'),
    'X-Amz-Date': time,
    'X-Amz-Expires': String(TOKEN_SECONDS),
    ...(credentials.sessionToken ? { 'X-Amz-Security-Token': credentials.sessionToken } : {}),
    'X-Amz-SignedHeaders': 'host',
  });
  const canonical = ['GET', '/', query, `host:${host}`, '', 'host', sha256('')].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<Buffer | string>(
    (previous, part) => hmac(previous, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = hmac(key, text).toString('hex');
  const address = `https://${host}/?${query}&X-Amz-Signature=${signature}&User-Agent=courier`;
  return Buffer.from(address).toString('base64url');
}

function queryOf(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
