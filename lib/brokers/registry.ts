import type { Adapter } from './adapter';
import { embedded } from './embedded/open';
import { kafka } from './kafka/open';

/** Every broker that Courier can open. A new adapter is one folder and one entry here. */
export const ADAPTERS: readonly Adapter[] = [embedded, kafka];

/** One cluster as `COURIER_BROKERS` names it. */
export interface ClusterSetting {
  name: string;
  scheme: string;
  addresses: string[];
}

/**
 * Parses one entry of `COURIER_BROKERS`: an optional `name=`, a registered scheme and what its adapter reads after it.
 * @returns null where the entry is malformed or no adapter has its scheme
 */
export function parseCluster(entry: string): ClusterSetting | null {
  const match = /^(?:([a-z0-9-]+)=)?([a-z]+):(.*)$/.exec(entry.trim());
  const adapter = ADAPTERS.find(({ scheme }) => scheme === match?.[2]);
  const addresses = adapter?.addressesOf(match?.[3] ?? '');
  if (!adapter || !addresses) return null;
  return { name: match?.[1] ?? adapter.defaultCluster, scheme: adapter.scheme, addresses };
}

/** @throws Error where no adapter has the scheme, which `readSettings` refuses before */
export function adapterOf(scheme: string): Adapter {
  const adapter = ADAPTERS.find((item) => item.scheme === scheme);
  if (!adapter) throw new Error(`no broker adapter has the scheme ${scheme}`);
  return adapter;
}
