/** The parameter of every address that says which cluster is looked at; absent: the first. */
const PARAMETER = 'cluster';

/** The cluster that an address names. @param search of the address, as `location.search` */
export function clusterOf(search: string | URLSearchParams): string | null {
  return new URLSearchParams(search).get(PARAMETER);
}

/** A path that stays on the cluster that is looked at. @param search of the present address */
export function onCluster(path: string, search: string | URLSearchParams): string {
  const cluster = clusterOf(search);
  if (cluster === null) return path;
  const [bare = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  if (!parameters.has(PARAMETER)) parameters.set(PARAMETER, cluster);
  return `${bare}?${parameters}`;
}
