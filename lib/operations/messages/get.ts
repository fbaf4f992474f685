import { z } from 'zod';
import { positionsOf, textOfPosition } from '@/lib/domain/messages/fold';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import type { Source } from '@/lib/domain/workers/source';
import type { Fact } from '@/lib/protocol/fact';
import { CourierError } from '@/lib/errors';
import { readSilent } from '@/lib/store/groups/read-silent';
import { passedTimes } from './passed-at';
import { readReaders } from '@/lib/store/lag/read-readers';
import { readDeliveries, type StoredDelivery } from '@/lib/store/messages/read-deliveries';
import { MAX_FACTS, readFacts, type StoredFact } from '@/lib/store/messages/read-facts';
import { readPositions } from '@/lib/store/messages/read-positions';
import { readMessageAndRetried, type StoredMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/schema/partitions';
import { readAttempts, readItems } from '@/lib/store/retries/items';
import { idOnCluster } from '@/lib/protocol/derived-ids';
import { defineOperation, type Call } from '../operation';
import { storyOf } from './story';
import type { Actor } from '@/lib/context/context';
import { seesGroup, seesOf } from '../scope';
import { withinDeliveries } from './list-rows';

/** A message's whole story. */
export const getMessage = defineOperation({
  name: 'messages.get',
  permission: 'messages.read',
  input: z.strictObject({ id: z.uuid() }),
  scope: () => ({}),
  audit: null,
  within: 'narrowed',
  async run(call, { id }) {
    // Where a mirror copied it here, it is known by another id than its header names.
    const found = (await read(call, id)) ?? (await read(call, idOnCluster(call.cluster.name, id)));
    if (!found) throw new CourierError('not_found', `There is no message ${id}.`);
    if (!seesOf(call.actor).topic(found.message.topic))
      throw new CourierError('not_found', `There is no message ${id}.`);
    return storyOf({ ...withinGroups(found, call.actor), at: call.now(), actor: call.actor });
  },
});

/** What is stored of a message without what is of groups that an actor may not see. */
function withinGroups(found: NonNullable<Awaited<ReturnType<typeof read>>>, actor: Actor): typeof found {
  if (!actor.scope?.groups) return found;
  const sees = (group: string | null | undefined) => !group || seesGroup(actor, group);
  const deliveries = found.deliveries.filter((delivery) => sees(delivery.group));
  const items = found.items.filter((item) => sees(item.group));
  return {
    ...found,
    message: withinDeliveries(found.message, deliveries),
    deliveries,
    silent: found.silent.filter((item) => sees(item.group)),
    facts: found.facts.filter(({ fact }) => sees(fact.group)),
    readers: found.readers.filter((reader) => sees(reader.group)),
    items,
    sends: found.sends.filter((send) => items.some((item) => item.id === send.itemId)),
  };
}

/** What is stored of a message; null where nothing is. */
function read(call: Call, id: string) {
  const { store, cluster } = call;
  return inPartitionOf(call.partitions, id, async (name) => {
    const [known, deliveries, facts, readers] = await Promise.all([
      readMessageAndRetried(store, name('message_read'), cluster.id, id).then(
        async (found) =>
          found && { ...found, ...(found.isRetried ? await retriesOf(store, id) : { items: [], sends: [] }) },
      ),
      readDeliveries(store, name('delivery_read'), [id]).then(async (all) => ({
        all,
        silent: await silentOf(call, all),
      })),
      readFacts(store, name('fact_read'), id),
      readReaders(store, cluster.id, name, id),
    ]);
    if (!known) return null;
    const all = withIndexed(known.message, facts);
    const positions =
      facts.length < MAX_FACTS
        ? [...new Set(all.flatMap(({ fact }) => positionsOf(fact)).map(textOfPosition))]
        : ((await readPositions(store, [id], { message: name('message_read'), fact: name('fact_read') })).get(
            id,
          ) ?? []);
    return {
      ...known,
      passed: await passedTimes(call, known.message, readers),
      deliveries: deliveries.all,
      silent: deliveries.silent,
      facts: all,
      positions,
      readers,
    };
  });
}

/** The facts of a message with what the index read at its own place, which the message itself has. */
function withIndexed(message: StoredMessage, facts: StoredFact[]): StoredFact[] {
  const { indexed } = message;
  if (!indexed) return facts;
  const { position, idHeaders, producerId } = indexed;
  const described = {
    topic: position.topic,
    type: message.type,
    version: message.version,
    service: message.service,
  };
  const fact = {
    factId: message.id,
    kind: 'indexed',
    messageId: message.id,
    at: indexed.at.toISOString(),
    message: defined({
      ...described,
      kind: message.kind,
      key: message.key,
      sentAt: message.sentAt?.toISOString(),
      size: message.size,
      traceId: message.traceId,
      producerId,
    }),
    position,
    ...(idHeaders ? { idHeaders } : {}),
  } as unknown as Fact;
  const receivedAt = indexed.at > message.receivedAt ? indexed.at : message.receivedAt;
  const source = 'topic index' satisfies Source;
  return [...facts, { fact, source, receivedAt }].sort((a, b) =>
    a.fact.at === b.fact.at ? (a.fact.factId < b.fact.factId ? -1 : 1) : a.fact.at < b.fact.at ? -1 : 1,
  );
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** Few messages are ever retried, and only for those it is asked how. */
async function retriesOf(store: Call['store'], messageId: string) {
  const items = await readItems(store, { messageId });
  return {
    items,
    sends: await readAttempts(
      store,
      items.map((item) => item.id),
    ),
  };
}

/** Groups with an unfinished delivery whose services have sent no heartbeat for a while. */
async function silentOf({ store, cluster, now }: Call, deliveries: StoredDelivery[]) {
  const open = deliveries
    .filter((delivery) => delivery.status !== 'HANDLED')
    .map((delivery) => delivery.group);
  if (open.length === 0) return [];
  return readSilent(store, cluster.id, open, new Date(now().getTime() - SILENT_AFTER_MS));
}
