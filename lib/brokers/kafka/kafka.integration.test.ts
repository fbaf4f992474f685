import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { runBattery } from '@/lib/brokers/battery';
import { FaultProxy, KAFKA_DIALECT } from '@/lib/testing/fault-proxy';
import { KafkaBroker } from './adapter';
import { createInnerCluster } from './wire/connection';

const kafka = inject('kafka');

if (kafka) {
  runBattery('kafka', async () => {
    const [host = '', port = '0'] = kafka.proxied.split(':');
    const proxy = new FaultProxy(KAFKA_DIALECT, { host, port: Number(port) }, kafka.proxyPort);
    await proxy.listen();
    const make = (address: string) =>
      new KafkaBroker({ name: 'test', addresses: [address], requestTimeoutMs: 1_500 });
    const broker = make(kafka.address);
    const proxied = make(proxy.address);
    const nowhere = make('127.0.0.1:9');
    const admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return {
      broker,
      proxied,
      arm: (fault) => proxy.arm(fault),
      mend: () => proxy.listen(),
      async deleteBefore(topic, partition, offset) {
        // kafkajs finds the leader only of topics it has asked for before.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: offset.toString() }] });
      },
      async commit(group, topic, partition, offset) {
        await admin.setOffsets({
          groupId: group,
          topic,
          partitions: [{ partition, offset: offset.toString() }],
        });
      },
      nowhere: { broker: nowhere, address: '127.0.0.1:9' },
      async close() {
        await Promise.all([broker.close(), proxied.close(), nowhere.close(), admin.disconnect()]);
        await proxy.close();
      },
    };
  });
} else {
  describe.skip(`broker battery: kafka (${inject('whyNoKafka')})`, () =>
    it('needs Apache Kafka', () => undefined));
}

describe('kafkajs', () => {
  it('still has the inner cluster that the wire requests go through', () => {
    const cluster = createInnerCluster(new Kafka({ brokers: ['127.0.0.1:9'], logLevel: logLevel.NOTHING }));
    expect(typeof cluster.findBroker).toBe('function');
    expect(typeof cluster.brokerPool.findConnectedBroker).toBe('function');
  });
});
