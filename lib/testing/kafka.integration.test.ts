import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import type { KafkaAddresses } from './kafka';
import { signInOf } from './test-users';

/** Asks for the cluster by one listener. */
async function brokersBy(address: string, client: Partial<KafkaConfig> = {}): Promise<number> {
  const admin = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...client,
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } finally {
    await admin.disconnect();
  }
}

describe.skipIf(!inject('kafka'))('the test Kafka', () => {
  const kafka = inject('kafka') as KafkaAddresses;
  const { files } = kafka;
  const ca = () => readFileSync(files.ca, 'utf8');
  const certificate = () => ({ pfx: readFileSync(files.client), passphrase: files.passphrase });
  // A new one each time: kafkajs keeps what it made of it in it.
  const sasl = (password?: string) => ({
    mechanism: 'plain' as const,
    ...signInOf('guest'),
    ...(password ? { password } : {}),
  });

  it('answers on each of its listeners to whoever comes as the listener asks', async () => {
    expect(await brokersBy(kafka.address)).toBe(1);
    expect(await brokersBy(kafka.tls, { ssl: { ca: ca() } })).toBe(1);
    expect(await brokersBy(kafka.mtls, { ssl: { ca: ca(), ...certificate() } })).toBe(1);
    expect(await brokersBy(kafka.sasl, { sasl: sasl() })).toBe(1);
    expect(await brokersBy(kafka.saslTls, { ssl: { ca: ca() }, sasl: sasl() })).toBe(1);
  });

  it('refuses whoever does not', async () => {
    await expect(brokersBy(kafka.tls, { ssl: true })).rejects.toThrow();
    await expect(brokersBy(kafka.mtls, { ssl: { ca: ca() } })).rejects.toThrow();
    await expect(brokersBy(kafka.sasl, { sasl: sasl('wrong') })).rejects.toThrow(/uthentication/);
  });
});
