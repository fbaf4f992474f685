import { hash } from 'node:crypto';
import { uuidV7From } from '@/lib/protocol/uuid';
import { timeOfUuidV7 } from '@/lib/protocol/identity';
import { findElsewhere } from '@/lib/store/messages/find-elsewhere';
import type { Context } from '@/lib/context/context';

/**
 * The id under which a cluster knows a message that another cluster had first: what mirrors a topic copies its records with
 * their headers, and each copy has a story of its own.
 */
export function idOnCluster(cluster: string, id: string): string {
  return uuidV7From(timeOfUuidV7(id), hash('sha256', `mirrored\n${cluster}\n${id}`, 'buffer'));
}

/** Ids under which this cluster knows messages, of those ids that are another cluster's. */
export async function ownIds(
  { store, cluster }: Pick<Context, 'store' | 'cluster'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const others = await findElsewhere(store, cluster.id, [...new Set(ids)]);
  return new Map(others.map((id) => [id, idOnCluster(cluster.name, id)]));
}
