import { CourierError } from '@/lib/errors';
import { addressText } from '@/lib/kafka-client/settings/address';
import {
  KafkaSettingsError,
  readAddressList,
  readKafkaSettings,
} from '@/lib/kafka-client/settings/kafka-settings';
import type { Adapter } from '../adapter';

/** Apache Kafka and brokers with its protocol. */
export const kafka: Adapter = {
  scheme: 'kafka',
  form: 'kafka://host:port,host:port',
  defaultCluster: 'main',
  maxClusters: Number.POSITIVE_INFINITY,
  addressesOf(text) {
    if (!text.startsWith('//')) return { problem: 'it must be kafka://host:port' };
    const found = readAddressList(text.slice(2));
    return typeof found === 'string' ? { problem: found } : found.map(addressText);
  },
  problemsOf(addresses, properties) {
    try {
      readKafkaSettings({ ...properties, 'bootstrap.servers': addresses.join(',') });
      return [];
    } catch (error) {
      if (error instanceof KafkaSettingsError) return error.problems;
      throw error;
    }
  },
  async open({ cluster, addresses, requestTimeoutMs, maxBatchBytes, properties }) {
    const { KafkaBroker } = await import('./adapter');
    const broker = new KafkaBroker({ name: cluster, addresses, requestTimeoutMs, maxBatchBytes, properties });
    try {
      broker.checkFiles();
    } catch (error) {
      await broker.close();
      throw new CourierError(
        'invalid_input',
        `The cluster ${cluster} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return broker;
  },
  async check({ cluster, addresses, properties, requestTimeoutMs }) {
    const { KafkaBroker } = await import('./adapter');
    const broker = new KafkaBroker({ name: cluster, addresses, requestTimeoutMs, properties });
    try {
      return await broker.capabilities.checkConnection();
    } finally {
      await broker.close();
    }
  },
};
