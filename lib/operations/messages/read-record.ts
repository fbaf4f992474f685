import { z } from 'zod';
import type { FetchAnswer, PartitionEnds } from '@/lib/brokers/broker';
import type { RecordView } from '@/lib/contract/messages';
import { CourierError } from '@/lib/errors';
import { CODEC_NAMES } from '@/lib/protocol/codec-names';
import { positionText } from '@/lib/protocol/position';
import { format, text } from '@/lib/protocol/strings';
import { findByPositions } from '@/lib/store/messages/find-by-ref';
import { defineOperation, type Call } from '../operation';
import { viewOfBytes, viewOfHeader, viewOfValue } from './record-view';

const MAX_BYTES = 1_000_000;
/** Fetches until the next record is found behind markers and compacted offsets. */
const MAX_FETCHES = 5;

/** One record of a topic by its place, straight from the broker: of any age, indexed or not. Changes nothing there. */
export const readRecord = defineOperation({
  name: 'messages.read-record',
  permission: 'payload.read',
  input: z.strictObject({
    name: text(249),
    partition: z.coerce.number().int().min(0).max(1_000_000),
    offset: format(/^\d{1,18}$/, 'an offset as decimal text'),
  }),
  scope: ({ name }) => ({ topic: name }),
  audit: null,
  readAudit: ({ name, partition, offset }, { record }: RecordView) =>
    record === null ? null : { object: `record ${name}/${partition}/${offset}` },
  async run(call, input): Promise<RecordView> {
    const { name, partition } = input;
    const offset = BigInt(input.offset);
    const ends = await endsOf(call, name, partition);
    const base = { at: call.now().toISOString(), topic: name, partition, offset: offset.toString() };
    if ('reason' in ends) return { ...base, absent: ends.reason, log: null, nextOffset: null, record: null };
    const log = { start: ends.start.toString(), end: ends.end.toString() };
    if (offset >= ends.end) return { ...base, absent: 'not_yet', log, nextOffset: null, record: null };
    if (offset < ends.start)
      return { ...base, absent: 'before_start', log, nextOffset: log.start, record: null };
    const { answer, record } = await firstFrom(call, { topic: name, partition, offset }, ends.end);
    if (record?.offset !== offset) {
      const tooLarge = answer?.passedOver?.some(({ from, to }) => offset >= from && offset < to);
      const problem = answer?.problem;
      const unread =
        problem && problem !== 'unknown_topic' && problem !== 'beyond_end' ? problem : ('no_record' as const);
      const nextOffset = record?.offset.toString() ?? null;
      return { ...base, absent: tooLarge ? 'too_large' : unread, log, nextOffset, record: null };
    }
    const place = positionText({ topic: name, partition, offset: input.offset });
    const stored = await findByPositions(call.store, call.cluster.id, [place]);
    return {
      ...base,
      absent: null,
      log,
      nextOffset: null,
      record: {
        at: new Date(record.timestamp).toISOString(),
        compression: CODEC_NAMES[record.codec ?? 0] ?? 'none',
        key: record.key && viewOfBytes(record.key, null),
        headers: record.headers.map(viewOfHeader),
        value: viewOfValue(record.value, record.value?.length ?? 0, false),
        messageId: stored.get(place) ?? null,
      },
    };
  },
});

async function endsOf(call: Call, name: string, partition: number) {
  const { known, unknown } = await call.broker.logEnds([name]);
  const found =
    known.find((item) => item.partition === partition) ??
    unknown.find((item) => item.partition === partition);
  if (found) return found;
  const count = known.length + unknown.length;
  throw new CourierError(
    'not_found',
    count === 0
      ? `There is no topic ${name} on ${call.cluster.name}.`
      : `${name} has no partition ${partition} on ${call.cluster.name}; it has 0 to ${count - 1}.`,
  );
}

/** The record at a place, or the first one behind it. */
async function firstFrom(
  call: Call,
  place: { topic: string; partition: number; offset: bigint },
  end: PartitionEnds['end'],
): Promise<{ answer: FetchAnswer | undefined; record: FetchAnswer['records'][number] | undefined }> {
  let next = place.offset;
  let answer: FetchAnswer | undefined;
  for (let fetched = 0; fetched < MAX_FETCHES && next < end; fetched += 1) {
    [answer] = await call.broker.fetch([{ ...place, offset: next }], { maxBytes: MAX_BYTES, waitMs: 0 });
    const record = answer?.records[0];
    if (record || !answer || answer.problem || answer.passedOver || answer.next <= next)
      return { answer, record };
    next = answer.next;
  }
  return { answer, record: undefined };
}
