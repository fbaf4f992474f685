import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { readGroupsNow, readLagNow } from '@/lib/store/lag/read-lag';
import { readRefs } from '@/lib/store/messages/find-by-ref';
import { readDeliveries } from '@/lib/store/messages/read-deliveries';
import { readFacts } from '@/lib/store/messages/read-facts';
import { readMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/partitions';
import { readAttempts, readItems } from '@/lib/store/retries/items';
import { defineOperation } from '../operation';
import { storyOf } from './story';

/** A message's whole story. */
export const getMessage = defineOperation({
  name: 'messages.get',
  permission: 'messages.read',
  input: z.strictObject({ id: z.uuid() }),
  scope: () => ({}),
  audit: null,
  async run(call, { id }) {
    const { store, cluster } = call;
    const found = await inPartitionOf(call.partitions, id, async (name) => {
      const message = await readMessage(store, name('message'), cluster.id, id);
      if (!message) return null;
      const [deliveries, facts, refs] = await Promise.all([
        readDeliveries(store, name('delivery'), [id]),
        readFacts(store, name('fact'), id),
        readRefs(store, name('ref'), id),
      ]);
      return { message, deliveries, facts, refs };
    });
    if (!found) throw new CourierError('not_found', `There is no message ${id}.`);
    const [items, lag, groups] = await Promise.all([
      readItems(store, { messageId: id }),
      readLagNow(store, cluster.id),
      readGroupsNow(store, cluster.id),
    ]);
    const sends = await readAttempts(
      store,
      items.map((item) => item.id),
    );
    return storyOf({ ...found, at: call.now(), actor: call.actor, items, sends, lag, groups });
  },
});
