import { z } from 'zod';
import type * as wire from '@/lib/protocol/broker-http';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import type { ServiceGrant } from '@/lib/domain/services/rights';
import type { Context } from '@/lib/context/context';
import { judgeFacts, type RefusedFact } from '../facts/judge';
import { parseBatch, type ParsedBatch } from '@/lib/engine/ingest/record';
import { defineOperation } from '../operation';
import { serviceAccessOf } from './service-access';
import { base64, headerName, optionalPartition, topicName } from './names';

/** Appends records to topics of the embedded broker; one answer for each record. */
export const publishRecords = defineOperation({
  name: 'broker.publish',
  permission: 'broker.use',
  input: z.strictObject({
    records: z
      .array(
        z.strictObject({
          topic: topicName,
          partition: optionalPartition,
          key: base64.nullable(),
          value: base64.nullable(),
          headers: z.array(z.tuple([headerName, base64.nullable()])).max(1_000),
        }),
      )
      .min(1)
      .max(1_000),
  }),
  scope: ({ records }) => ({ topic: [...new Set(records.map((record) => record.topic))], access: 'publish' }),
  audit: null,
  async run(call, { records }): Promise<wire.PublishAnswer> {
    const { service } = call.actor;
    const sent: wire.WireRecord[] = [];
    const answers: (wire.WireAnswer | null)[] = [];
    const refusedFacts: (RefusedFact[] | null)[] = [];
    for (const { partition, ...rest } of records) {
      const record: wire.WireRecord = { ...rest, ...(partition === undefined ? {} : { partition }) };
      const judged =
        service && record.topic === FACTS_TOPIC ? await judgeRecord(call, service, record) : null;
      refusedFacts.push(judged?.refused ?? null);
      const [foreign] = judged?.refused ?? [];
      if (judged && judged.record === null) {
        answers.push({ outcome: 'refused', topic: record.topic, reason: foreign?.reason ?? 'not allowed' });
      } else {
        sent.push(judged?.record ?? record);
        answers.push(null);
      }
    }
    const stored = sent.length > 0 ? (await serviceAccessOf(call).publish({ records: sent })).answers : [];
    let next = 0;
    return {
      answers: answers.map((answer, index): wire.WireAnswer => {
        const settled = answer ?? stored[next++] ?? noAnswer(records[index]?.topic ?? '');
        const refused = refusedFacts[index];
        return refused && refused.length > 0 ? { ...settled, refusedFacts: refused } : settled;
      }),
    };
  },
});

function noAnswer(topic: string): wire.WireAnswer {
  return { outcome: 'unknown', topic, reason: 'an answer without the record' };
}

/** A record of facts without those that are another service's; `record` is null where none is left. */
async function judgeRecord(
  context: Context,
  service: ServiceGrant,
  record: wire.WireRecord,
): Promise<{ record: wire.WireRecord | null; refused: RefusedFact[] } | null> {
  if (service.shared || record.value === null) return null;
  let batch: unknown;
  let parsed: ParsedBatch;
  try {
    batch = JSON.parse(Buffer.from(record.value, 'base64').toString('utf8'));
    parsed = parseBatch(batch);
  } catch {
    // The collector keeps aside what is no batch of facts.
    return null;
  }
  const { own, refused } = await judgeFacts(context, service, parsed.facts);
  // The collector keeps aside what does not fit, with the reason.
  const malformed = parsed.rejected.map(({ fact }) => fact);
  if (own.length === 0 && malformed.length === 0 && refused.length > 0) return { record: null, refused };
  // A receiver's description of others' messages is left out even where nothing is refused.
  const facts = [...own, ...malformed];
  const value = Buffer.from(JSON.stringify({ ...(batch as object), facts })).toString('base64');
  return { record: { ...record, value }, refused };
}
