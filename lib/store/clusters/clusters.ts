import type { Queryable } from '@/lib/postgres';

export interface Cluster {
  id: number;
  name: string;
  kind: string;
  environment: string;
}

/** The row of a cluster by its name, made or brought up to the settings. */
export async function ensureCluster(
  store: Queryable,
  cluster: { name: string; kind: string; address: string; environment: string },
): Promise<Cluster> {
  const { rows } = await store.query<Cluster>({
    name: 'ensure-cluster',
    text: `INSERT INTO cluster (name, kind, address, environment) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, address = excluded.address, environment = excluded.environment
     RETURNING id, name, kind, environment`,
    values: [cluster.name, cluster.kind, cluster.address, cluster.environment],
  });
  const [row] = rows;
  if (!row) throw new Error(`the cluster ${cluster.name} could not be stored`);
  return row;
}

/** Remembers a cluster's own id at the first meeting. @returns the id that is remembered */
export async function rememberClusterId(
  store: Queryable,
  clusterId: number,
  brokerClusterId: string,
): Promise<string> {
  const { rows } = await store.query<{ broker_cluster_id: string }>({
    name: 'remember-cluster-id',
    text: 'UPDATE cluster SET broker_cluster_id = coalesce(broker_cluster_id, $2) WHERE id = $1 RETURNING broker_cluster_id',
    values: [clusterId, brokerClusterId],
  });
  return rows[0]?.broker_cluster_id ?? brokerClusterId;
}
