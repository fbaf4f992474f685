import type { Pool } from 'pg';
import type { Broker } from '@/lib/brokers/broker';
import { EmbeddedBroker } from '@/lib/brokers/embedded/adapter';
import { KafkaBroker } from '@/lib/brokers/kafka/adapter';
import { clusterOf, type ClusterSetting, type Settings } from '@/lib/config';
import type { Log } from '@/lib/log';
import type { Role } from '@/lib/domain/permissions';
import { Catalog } from '@/lib/store/catalog';
import { ensureCluster, type Cluster } from '@/lib/store/clusters';
import { PartitionCatalog } from '@/lib/store/partitions';
import { createPool } from '@/lib/postgres';

/** Who asks. */
export interface Actor {
  id: number | null;
  name: string;
  role: Role;
}

/** What every operation works with, whoever calls it. */
export interface Context {
  settings: Settings;
  log: Log;
  store: Pool;
  catalog: Catalog;
  partitions: PartitionCatalog;
  cluster: Cluster;
  broker: Broker;
  /** Time is asked for here, so that a test can give its own. */
  now: () => Date;
}

export const SYSTEM: Actor = { id: null, name: 'courier', role: 'system' };

/**
 * Opens the store, which is migrated already, and the broker of a process. Connections to the broker are made when they
 * are first needed.
 * @param databaseUrl of a PostgreSQL that answers
 */
export async function buildContext(settings: Settings, databaseUrl: string, log: Log): Promise<Context> {
  const store = createPool(databaseUrl, settings.COURIER_POOL_SIZE, (error) =>
    log.warn({ err: error }, 'a store connection broke'),
  );
  const setting = clusterOf(settings.COURIER_BROKERS);
  const cluster = await ensureCluster(store, {
    name: setting.name,
    kind: setting.kind,
    address: setting.addresses.join(',') || 'embedded',
    environment: settings.COURIER_ENVIRONMENT,
  });
  return {
    settings,
    log,
    store,
    catalog: new Catalog(store, cluster.id),
    partitions: new PartitionCatalog(store),
    cluster,
    broker: openBroker(setting, settings, store),
    now: () => new Date(),
  };
}

function openBroker(cluster: ClusterSetting, settings: Settings, store: Pool): Broker {
  const requestTimeoutMs = settings.COURIER_REQUEST_TIMEOUT_SECONDS * 1000;
  return cluster.kind === 'kafka'
    ? new KafkaBroker({ name: cluster.name, addresses: cluster.addresses, requestTimeoutMs })
    : new EmbeddedBroker(cluster.name, store, requestTimeoutMs);
}

/** Closes what `buildContext` opened. */
export async function closeContext(context: Context): Promise<void> {
  await context.broker.close();
  await context.store.end();
}
