import { z } from 'zod';
import type { PayloadView } from '@/lib/contract/messages';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { messageId } from '@/lib/protocol/fact-schema';
import type { Context } from '@/lib/context/context';
import { readMessages } from '@/lib/store/messages/read-message';
import { defineOperation } from '../operation';
import { loadRecord, type Departure } from '@/lib/engine/records/load-record';
import { requireVisible } from '../scope';
import { viewOfBytes, viewOfHeader, viewOfValue } from './record-view';

const DAY_MS = 86_400_000;

/** A message's payload, key and headers. The one way by which payload leaves Courier. */
export const readPayload = defineOperation({
  name: 'messages.read-payload',
  permission: 'payload.read',
  input: z.strictObject({ id: messageId }),
  scope: () => ({}),
  audit: null,
  within: 'narrowed',
  readAudit: ({ id }, { from }: PayloadView) =>
    from === null ? null : { object: `message ${id}`, detail: { from } },
  async run(call, { id }): Promise<PayloadView> {
    await requireVisible(call, id);
    const loaded = await loadRecord(call, id);
    if (!loaded.found) {
      const { why, departure, position } = loaded;
      return {
        from: null,
        why,
        departure: await departureView(call, departure),
        kept: await keptUntil(call, id, null),
        position,
        headers: [],
        key: null,
        payload: null,
      };
    }
    const { from, position, key, value, headers, size, truncated } = loaded.found;
    return {
      from,
      why: null,
      departure: await departureView(call, loaded.departure),
      kept: await keptUntil(call, id, loaded.copyFrom),
      position,
      headers: headers.map(viewOfHeader),
      key: key && viewOfBytes(key, null),
      payload: viewOfValue(value, size, truncated),
    };
  },
});

/** A message's key and headers, and of its payload what it is and how large, not what is in it. */
export const readHeaders = defineOperation({
  name: 'messages.read-headers',
  permission: 'messages.read',
  input: z.strictObject({ id: messageId }),
  scope: () => ({}),
  audit: null,
  within: 'narrowed',
  async run(call, input): Promise<PayloadView> {
    const view = await readPayload.run(call, input);
    return { ...view, payload: view.payload && { ...view.payload, text: null, hex: '' } };
  },
});

/** A payload's bytes as they are, to be stored as a file. */
export const downloadPayload = defineOperation({
  name: 'messages.download-payload',
  permission: 'payload.read',
  input: z.strictObject({ id: messageId }),
  scope: () => ({}),
  audit: null,
  within: 'narrowed',
  readAudit: ({ id }) => ({ object: `message ${id}` }),
  async run(call, { id }): Promise<{ name: string; bytes: Buffer }> {
    await requireVisible(call, id);
    const { found } = await loadRecord(call, id);
    if (!found?.value) {
      throw new CourierError(
        'not_found',
        `The payload of ${id} can't be downloaded: ${found ? 'the record has no value' : 'its bytes are not there any more'}.`,
      );
    }
    return { name: `${id}.bin`, bytes: found.value };
  },
});

async function departureView(call: Context, departure: Departure | null): Promise<PayloadView['departure']> {
  if (!departure) return null;
  // The topic's retention explains the departure; the times are known without it.
  const settings =
    departure.by === 'retention' ? await call.broker.topicSettings(departure.topic).catch(() => null) : null;
  return {
    by: departure.by,
    after: departure.after?.toISOString() ?? null,
    before: departure.before.toISOString(),
    retentionSeconds: settings?.retentionMs ? settings.retentionMs / 1_000 : null,
  };
}

/** The last days on which Courier has the record of a message and its copy of the body, if it has one. */
async function keptUntil(call: Context, id: string, copyFrom: Date | null): Promise<PayloadView['kept']> {
  const { COURIER_RETENTION_DAYS, COURIER_BODY_RETENTION_DAYS } = call.settings;
  const keptFor = COURIER_RETENTION_DAYS * DAY_MS;
  const isOlder = timeOfUuidV7(id) + keptFor < call.now().getTime();
  const [older] = isOlder ? await readMessages(call.store, call.partitions, call.cluster.id, [id]) : [];
  // One that was too old when it was read is kept from then on.
  const record = (older?.receivedAt.getTime() ?? timeOfUuidV7(id)) + keptFor;
  const copy = copyFrom && copyFrom.getTime() + COURIER_BODY_RETENTION_DAYS * DAY_MS;
  return {
    record: new Date(record).toISOString(),
    copy: copy === null ? null : new Date(Math.min(copy, record)).toISOString(),
  };
}
