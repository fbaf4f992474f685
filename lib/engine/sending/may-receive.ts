import { mayRead } from '@/lib/domain/services/rights';
import { parsePosition } from '@/lib/protocol/position';
import { readService } from '@/lib/store/services/services';
import type { Context } from '@/lib/context/context';
import type { LoadedRecord } from '../records/load-record';

/**
 * Whether a group may be given a message's body: the service that owns the group may read the topic that the body comes
 * from. Without this a service could report a failure of a message that it must not see, and a retry would bring it.
 */
export async function mayReceive(
  context: Context,
  group: string,
  record: Pick<LoadedRecord, 'original' | 'position'>,
): Promise<boolean> {
  const owner = await context.owners.ownerOf(group);
  const topic = parsePosition(record.original ?? record.position)?.topic;
  if (owner === null || topic === undefined) return true;
  const service = await readService(context.store, owner);
  const grant = {
    name: owner,
    shared: false,
    publish: service?.publish ?? null,
    read: service?.read ?? null,
  };
  return mayRead(grant, { name: topic, groupOwner: await context.owners.ownerOfTopic(topic) });
}
