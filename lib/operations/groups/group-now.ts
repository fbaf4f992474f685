import { CourierError } from '@/lib/errors';
import { storedName } from '@/lib/store/names/catalog';
import { readGroupsNow, type GroupNow } from '@/lib/store/lag/read-lag';
import type { Context } from '@/lib/context/context';

/** A group as it was last measured. @throws CourierError not_found */
export async function groupNow(
  { store, cluster }: Pick<Context, 'store' | 'cluster'>,
  given: string,
): Promise<GroupNow> {
  const name = storedName(given);
  const group = (await readGroupsNow(store, cluster.id)).find((item) => item.name === name);
  if (!group) throw new CourierError('not_found', `There is no consumer group ${name} on ${cluster.name}.`);
  return group;
}
