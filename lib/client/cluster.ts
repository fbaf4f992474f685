/** Query parameter of every address that names the selected cluster; absent: the first cluster. */
const PARAMETER = 'cluster';

/** The cluster that an address names. @param search of the address, as `location.search` */
export function clusterOf(search: string | URLSearchParams): string | null {
  return new URLSearchParams(search).get(PARAMETER);
}

/** Adds the selected cluster to a path that names none. @param search of the present address */
export function onCluster(path: string, search: string | URLSearchParams): string {
  const cluster = clusterOf(search);
  if (cluster === null) return path;
  const [bare = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  if (!parameters.has(PARAMETER)) parameters.set(PARAMETER, cluster);
  return `${bare}?${parameters}`;
}
