import { ADAPTERS } from '../registry';

/** What a cluster is, which colours its pages. */
export const ENVIRONMENTS = ['development', 'staging', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** One cluster of the settings. */
export interface ClusterSetting {
  name: string;
  /** Of its adapter. */
  scheme: string;
  addresses: string[];
  environment: Environment;
  /** Settings of the broker's own clients, by name; they hold secrets. */
  properties: Record<string, string>;
}

/** Form of a cluster's name. */
export const CLUSTER_NAME = /^[a-z0-9-]+$/;

/** What is wrong with the clusters together. */
export function problemsTogether(clusters: ClusterSetting[]): string[] {
  const problems: string[] = [];
  const names = clusters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    problems.push(`two clusters are named ${twice}; every cluster has a name of its own (name=...)`);
  for (const { scheme, form, maxClusters } of ADAPTERS) {
    if (clusters.filter((cluster) => cluster.scheme === scheme).length > maxClusters)
      problems.push(`at most ${maxClusters} cluster may be ${form}`);
  }
  return problems;
}
