import { describe, expect, it } from 'vitest';
import { regionOf, signedToken } from './aws';

describe('a token for Amazon MSK', () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
  const now = new Date('2026-01-02T03:04:05Z');

  it("has the signature of Amazon's own library", () => {
    const address = new URL(
      Buffer.from(signedToken('us-east-1', credentials, now), 'base64url').toString('utf8'),
    );
    expect(address.searchParams.get('X-Amz-Signature')).toBe(
      '24ebada2ed545858377591fc84af1a1bff3c40c5e8ab0c1fc85eee156cfb42da',
    );
    expect(address.host).toBe('kafka.us-east-1.amazonaws.com');
    expect(address.searchParams.get('X-Amz-Expires')).toBe('900');
  });

  it('carries the token of a session', () => {
    const token = signedToken('us-east-1', { ...credentials, sessionToken: 'a/b' }, now);
    expect(Buffer.from(token, 'base64url').toString('utf8')).toContain('X-Amz-Security-Token=a%2Fb');
  });

  it.each([
    ['b-1.orders.abc123.c2.kafka.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['boot-x.c1.kafka-serverless.us-east-1.amazonaws.com', 'us-east-1'],
    ['kafka.internal', null],
  ])('is for the region that stands in %s', (host, region) => {
    expect(regionOf(host)).toBe(region);
  });
});
