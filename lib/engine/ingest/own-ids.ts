import { idOnCluster } from '@/lib/protocol/derived-ids';
import { findElsewhere } from '@/lib/store/messages/find-elsewhere';
import type { Context } from '@/lib/context/context';

/** Maps ids of messages of another cluster to their ids on this one. */
export async function ownIds(
  { store, cluster }: Pick<Context, 'store' | 'cluster'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const others = await findElsewhere(store, cluster.id, [...new Set(ids)]);
  return new Map(others.map((id) => [id, idOnCluster(cluster.name, id)]));
}
