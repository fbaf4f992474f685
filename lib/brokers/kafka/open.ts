import type { Adapter } from '../adapter';

/** Apache Kafka and brokers with its protocol. */
export const kafka: Adapter = {
  scheme: 'kafka',
  form: 'kafka://host:port,host:port',
  defaultCluster: 'main',
  maxClusters: Number.POSITIVE_INFINITY,
  addressesOf(text) {
    const match = /^\/\/([^;\s]+)$/.exec(text);
    return match?.[1]?.split(',').filter(Boolean) ?? null;
  },
  async open({ cluster, addresses, requestTimeoutMs, maxBatchBytes }) {
    const { KafkaBroker } = await import('./adapter');
    return new KafkaBroker({ name: cluster, addresses, requestTimeoutMs, maxBatchBytes });
  },
};
