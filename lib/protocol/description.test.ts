import { describe, expect, it } from 'vitest';
import { describeRecord, traceIdOf } from './description';

const described = (headers: Record<string, string>, isForwarded = false) =>
  describeRecord({
    topic: 'orders',
    key: new TextEncoder().encode('order-1148'),
    size: 145,
    header: (name) => headers[name],
    isForwarded,
  });
const plain = { topic: 'orders', key: 'order-1148', size: 145 };

describe('the description of a message', () => {
  it('is what the headers of the SDK say', () => {
    const headers = {
      'courier-type': 'OrderPaid',
      'courier-version': '2',
      'courier-service': 'orders',
      'courier-kind': 'ordered',
      'courier-time': '2026-11-29T10:00:00.000Z',
      'courier-producer-id': 'p-1',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      ce_type: 'not this',
      ce_source: 'not this',
    };
    expect(described(headers)).toEqual({
      ...plain,
      type: 'OrderPaid',
      version: '2',
      service: 'orders',
      kind: 'ordered',
      sentAt: '2026-11-29T10:00:00.000Z',
      producerId: 'p-1',
      traceId: 'a'.repeat(32),
    });
  });

  it('is what CloudEvents says where the SDK says nothing', () => {
    expect(described({ ce_type: 'paid', ce_source: '/shop', ce_id: 'e-1', 'courier-type': '' })).toEqual({
      ...plain,
      type: 'paid',
      service: '/shop',
      producerId: 'e-1',
    });
  });

  it('takes nothing from headers that were copied from another message', () => {
    const forwarded = { 'courier-type': 'OrderPaid', 'courier-kind': 'ordered', 'courier-time': 'x' };
    expect(described(forwarded, true)).toEqual(plain);
    expect(described({ ...forwarded, ce_type: 'own' }, true)).toEqual({ ...plain, type: 'own' });
  });

  it('leaves out a kind that is none, and a trace that is none', () => {
    expect(described({ 'courier-kind': 'queue', traceparent: 'nonsense-x' })).toEqual(plain);
    for (const none of [undefined, '', '00', '00-short-b-01', `00-${'A'.repeat(32)}-b-01`])
      expect(traceIdOf(none)).toBeUndefined();
  });
});
