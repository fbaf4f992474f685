import { describe, expect, inject, it } from 'vitest';
import { getMessage } from '@/lib/operations/messages/get';
import { connect } from '@/lib/sdk';
import { startCourier } from '@/lib/testing/courier';

describe('a service whose broker is away', () => {
  it('reports over HTTP, so that the message is seen as not sent while the broker is down', async () => {
    const courier = await startCourier(inject('postgres'), null);
    const service = connect({
      service: 'stranded-service',
      brokers: ['127.0.0.1:9'],
      kafka: { connectionTimeout: 300 },
      intakeUrl: courier.intakeUrl,
      token: courier.token,
    });
    const error = await service
      .publish({ topic: 'orders', type: 'OrderPaid', key: 'k1', payload: 1 })
      .catch((reason: unknown) => reason);
    const { id } = error as { id: string };
    const row = async () => {
      const { rows } = await courier.context.store.query<{
        status: string;
        send_failures: number;
        service: string;
      }>('SELECT status, send_failures, service FROM message_read WHERE id = $1', [id]);
      return rows[0];
    };
    await expect
      .poll(row, { timeout: 20_000 })
      .toMatchObject({ status: 'SEND_FAIL', send_failures: 4, service: 'stranded-service' });
    const story = await getMessage.call(courier.context, courier.operator, { id });
    expect(story.where).toEqual([
      expect.objectContaining({ kind: 'not_sent', attempts: 4, held: false, perhapsOn: null }),
    ]);
    await service.close();
    await courier.stop();
  });
});
