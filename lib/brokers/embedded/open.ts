import type { Adapter } from '../adapter';

/** The embedded broker: a log in the tracking store itself, of which there is one. */
export const embedded: Adapter = {
  scheme: 'embedded',
  form: 'embedded:',
  defaultCluster: 'embedded',
  maxClusters: 1,
  addressesOf: (text) => (text === '' ? [] : { problem: 'it must be embedded: alone' }),
  problemsOf: (_, properties) =>
    Object.keys(properties).map((key) => `${key}: the embedded broker has no such setting; leave it out.`),
  async open({ cluster, store, requestTimeoutMs, retentionMs }) {
    const { EmbeddedBroker } = await import('./adapter');
    return new EmbeddedBroker(cluster, store, requestTimeoutMs, retentionMs);
  },
};
