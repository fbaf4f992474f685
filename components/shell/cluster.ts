/** What the top bar says of the cluster one looks at. */
export interface ClusterHead {
  name: string;
  environment: string;
}
