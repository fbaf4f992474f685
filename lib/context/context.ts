import type { Pool, PoolConfig } from 'pg';
import type { Broker } from '@/lib/brokers/broker';
import type { ClusterSetting } from '@/lib/brokers/clusters/cluster-setting';
import { adapterOf } from '@/lib/brokers/registry';
import type { Settings } from '@/lib/config';
import { CourierError } from '@/lib/errors';
import type { Log } from '@/lib/log';
import type { Role } from '@/lib/domain/operators/permissions';
import type { ServiceGrant } from '@/lib/domain/services/rights';
import { Catalog } from '@/lib/store/names/catalog';
import { ensureCluster, type Cluster } from '@/lib/store/clusters/clusters';
import { readInstallation, type Installation } from '@/lib/store/clusters/installation';
import { checkSchemaVersion } from '@/lib/store/schema/schema-version';
import { PartitionCatalog } from '@/lib/store/schema/partitions';
import { Limiter } from '@/lib/values/limiter';
import { createPool } from '@/lib/postgres';
import type { ReportedFact } from '@/lib/protocol/fact';
import { RecentReads } from './recent-reads';
import { SharedReads } from './shared-reads';
import { GroupOwners } from './group-owners';

/** The caller of an operation. */
export interface Actor {
  id: number | null;
  name: string;
  role: Role;
  /** Of a service: what its token allows. */
  service?: ServiceGrant;
  /** What an operator is limited to; absent: everything that the role allows. */
  scope?: ActorScope;
}

/** Patterns with `*` that limit the objects an operator may see and change; an absent list sets no limit. */
export interface ActorScope {
  clusters?: readonly string[];
  topics?: readonly string[];
  groups?: readonly string[];
}

/** What a request at the intake brings along. */
export interface IntakeRequest {
  /** Aborts when the client is gone or the server stops. */
  signal: AbortSignal;
  /** Runs the waiting part of a request, which takes no capacity from other requests. */
  idle<T>(work: Promise<T>): Promise<T>;
  /** Writes facts together with those of other requests. */
  writeFacts(facts: ReportedFact[]): Promise<void>;
}

/** The dependencies of every operation. */
export interface Context {
  settings: Settings;
  log: Log;
  store: Pool;
  catalog: Catalog;
  partitions: PartitionCatalog;
  installation: Installation;
  cluster: Cluster;
  broker: Broker;
  /** Who owns which group. */
  owners: GroupOwners;
  /** Limits concurrent changes. */
  changes: Limiter;
  /** Reads that are in the audit of this hour. */
  reads: RecentReads;
  /** Answers that concurrent callers share. */
  shared: SharedReads;
  /** Set for requests at the intake. */
  request?: IntakeRequest;
  /** Time is asked for here, so that a test can give its own. */
  now: () => Date;
}

/** How many changes wait for their turn, and how long. */
const CHANGES_WAIT = { max: 1_000, deadlineMs: 10_000 };

export const SYSTEM: Actor = { id: null, name: 'courier', role: 'system' };

/**
 * Opens the store, which is migrated already, and the brokers of a process: one context for each cluster, in the order of
 * the setting, all on one pool. Connections to a broker are made when they are first needed.
 * @param databaseUrl of a PostgreSQL that answers
 * @param pool further settings of the connections to the store
 */
export async function buildContexts(
  settings: Settings,
  databaseUrl: string,
  log: Log,
  pool: PoolConfig = {},
): Promise<[Context, ...Context[]]> {
  const store = createPool(
    databaseUrl,
    settings.COURIER_POOL_SIZE,
    (error) => log.warn({ err: error }, 'a store connection broke'),
    pool,
  );
  const partitions = new PartitionCatalog(store);
  await checkSchemaVersion(store).catch(async (error: unknown) => {
    await store.end();
    throw error;
  });
  const installation = await readInstallation(store);
  // Each may need another connection for a question; if all were held by changes, all would wait for each other.
  const changes = new Limiter(Math.max(1, Math.floor(settings.COURIER_POOL_SIZE / 2)), CHANGES_WAIT);
  const contexts: Context[] = [];
  for (const setting of settings.clusters) {
    const cluster = await ensureCluster(store, {
      name: setting.name,
      kind: setting.scheme,
      address: setting.addresses.join(',') || setting.scheme,
      environment: setting.environment,
    });
    contexts.push({
      settings,
      log,
      store,
      catalog: new Catalog(store, cluster.id),
      partitions,
      installation,
      cluster,
      broker: await openBroker(setting, settings, store),
      owners: new GroupOwners(store, cluster.id),
      changes,
      reads: new RecentReads(),
      shared: new SharedReads(),
      now: () => new Date(),
    });
  }
  return contexts as [Context, ...Context[]];
}

/** The context of the first cluster, for what is done once whatever clusters there are. */
export async function buildContext(settings: Settings, databaseUrl: string, log: Log): Promise<Context> {
  const [first] = await buildContexts(settings, databaseUrl, log);
  return first;
}

/** The context of a cluster, by default of the first one. @throws CourierError not_found, with the names of all clusters */
export function contextOf(contexts: readonly [Context, ...Context[]], name: string | null): Context {
  const found = name === null ? contexts[0] : contexts.find((context) => context.cluster.name === name);
  if (found) return found;
  const names = contexts.map((context) => context.cluster.name).join(', ');
  throw new CourierError('not_found', `There is no cluster ${JSON.stringify(name)} here; there is ${names}.`);
}

function openBroker(cluster: ClusterSetting, settings: Settings, store: Pool): Promise<Broker> {
  return adapterOf(cluster.scheme).open({
    cluster: cluster.name,
    addresses: cluster.addresses,
    properties: cluster.properties,
    requestTimeoutMs: settings.COURIER_REQUEST_TIMEOUT_SECONDS * 1000,
    maxBatchBytes: settings.COURIER_MAX_BATCH_MB * 1_048_576,
    retentionMs: settings.COURIER_RETENTION_DAYS * 86_400_000,
    store,
  });
}

/** Closes what `buildContexts` opened. */
export async function closeContext(...contexts: Context[]): Promise<void> {
  await Promise.all(contexts.map((context) => context.broker.close()));
  await contexts[0]?.store.end();
}
