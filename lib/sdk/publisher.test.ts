import { describe, expect, it } from 'vitest';
import { FactReporter } from './facts';
import { publish } from './publisher';
import type { OutgoingRecord, SendResult, Transport } from './transport';

const identity = { service: 'order-service', release: '1.0.0', host: 'host-a', process: '1' };
const committed: SendResult = { outcome: 'committed', partition: 0, offset: '7' };

/** What `publish` hands to the broker. */
async function recordOf(input: Parameters<typeof publish>[3]): Promise<[string, string][]> {
  const sent: OutgoingRecord[] = [];
  const transport = {
    send: (record: OutgoingRecord) => Promise.resolve((sent.push(record), committed)),
    sendFacts: () => Promise.resolve(committed),
  } as unknown as Transport;
  const facts = new FactReporter(transport, null, identity);
  await publish(transport, facts, identity, input);
  await facts.close();
  return (sent[0]?.headers ?? []).map(([name, value]) => [name, value?.toString() ?? '']);
}

describe('a record that is published', () => {
  it('carries what it is, whose it is and where it belongs', async () => {
    const headers = new Map(await recordOf({ topic: 'orders', type: 'OrderPaid', payload: {} }));
    expect(headers.get('courier-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'courier-topic': 'orders',
      'courier-type': 'OrderPaid',
      'courier-version': '1',
      'courier-service': 'order-service',
      'courier-kind': 'event',
    });
    expect(Date.parse(headers.get('courier-time') ?? '')).not.toBeNaN();
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('continues a given trace, and carries what the author adds, as often as it is added', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = await recordOf({
      topic: 'orders',
      type: 'OrderPaid',
      version: 3,
      producerId: 'order-7',
      traceparent,
      payload: {},
      headers: [
        ['tenant', 'a'],
        ['tenant', Buffer.from('b')],
      ],
    });
    expect(headers).toContainEqual(['traceparent', traceparent]);
    expect(headers).toContainEqual(['courier-version', '3']);
    expect(headers).toContainEqual(['courier-producer-id', 'order-7']);
    expect(headers.filter(([name]) => name === 'tenant')).toEqual([
      ['tenant', 'a'],
      ['tenant', 'b'],
    ]);
  });

  it('is itself, also where headers of another message are forwarded', async () => {
    const forwarded = {
      'courier-id': 'of-another',
      'courier-topic': 'payments',
      traceparent: 'x',
      tenant: 'a',
    };
    const headers = await recordOf({ topic: 'orders', type: 'OrderPaid', payload: {}, headers: forwarded });
    for (const name of ['courier-id', 'courier-topic', 'traceparent'])
      expect(headers.filter(([item]) => item === name)).toHaveLength(1);
    expect(headers).toContainEqual(['courier-topic', 'orders']);
    expect(headers).toContainEqual(['tenant', 'a']);
  });
});
