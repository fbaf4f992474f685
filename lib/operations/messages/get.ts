import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { readSilent } from '@/lib/store/groups/read-silent';
import { readReaders } from '@/lib/store/lag/read-readers';
import { readRefs } from '@/lib/store/messages/find-by-ref';
import { readDeliveries } from '@/lib/store/messages/read-deliveries';
import { readFacts } from '@/lib/store/messages/read-facts';
import { readMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/partitions';
import { readAttempts, readItems } from '@/lib/store/retries/items';
import { defineOperation } from '../operation';
import { originalPositions, storyOf } from './story';

/** Services tell of themselves every ten seconds; three times missed is silence. */
const SILENT_AFTER_MS = 35_000;

/** A message's whole story. */
export const getMessage = defineOperation({
  name: 'messages.get',
  permission: 'messages.read',
  input: z.strictObject({ id: z.uuid() }),
  scope: () => ({}),
  audit: null,
  async run(call, { id }) {
    const { store, cluster } = call;
    const [found, items] = await Promise.all([
      inPartitionOf(call.partitions, id, async (name) => {
        const [message, deliveries, facts, refs] = await Promise.all([
          readMessage(store, name('message'), cluster.id, id),
          readDeliveries(store, name('delivery'), [id]),
          readFacts(store, name('fact'), id),
          readRefs(store, name('ref'), id),
        ]);
        return message && { message, deliveries, facts, refs };
      }),
      readItems(store, { messageId: id }),
    ]);
    if (!found) throw new CourierError('not_found', `There is no message ${id}.`);
    const texts = found.refs.filter((ref) => ref.kind === 'position').map((ref) => ref.value);
    const places = originalPositions(texts, found.message.topic);
    const open = found.deliveries.filter((one) => one.status !== 'HANDLED').map((one) => one.group);
    const [readers, sends, silent] = await Promise.all([
      places.length === 0
        ? []
        : readReaders(
            store,
            cluster.id,
            [...new Set(places.map((place) => place.topic))],
            [...new Set(places.map((place) => place.partition))],
          ),
      items.length === 0
        ? []
        : readAttempts(
            store,
            items.map((item) => item.id),
          ),
      open.length === 0
        ? []
        : readSilent(store, cluster.id, open, new Date(call.now().getTime() - SILENT_AFTER_MS)),
    ]);
    return storyOf({ ...found, at: call.now(), actor: call.actor, items, sends, readers, silent });
  },
});
