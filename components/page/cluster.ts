/** The selected cluster, as the top bar shows it. */
export interface ClusterHead {
  name: string;
  environment: string;
}

/** The environment of a cluster as one that has words and a colour. */
export function environmentOf(text: string): 'production' | 'staging' | 'development' {
  return text === 'production' || text === 'staging' ? text : 'development';
}
