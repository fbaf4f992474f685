import { z } from 'zod';
import { isStorable, storable } from './text';
import { isOwnFactId } from './derived-ids';
import { isUuidV7, readableTime } from './uuid';
import { LIMITS, MESSAGE_KINDS, REPORTED_KINDS, type ReportedFact } from './fact';
import { format, rawText } from './strings';

/** A longer text is no text that is cut but a request that is too large. */
const MAX_TEXT = LIMITS.intakeBytes;

/** Times before Kafka existed or a year ahead are a clock gone wrong, but a fact is a fact: they are kept as given. */
const time = z.iso
  .datetime({ offset: true, error: 'an ISO 8601 time such as 2026-11-21T14:02:11.204Z' })
  .transform((text) => new Date(text).toISOString());
const text = (bytes: number) => rawText(MAX_TEXT).transform((value) => storable(value, bytes));
const name = text(255);
/** A name that rows refer to is accepted unchanged or rejected: a repaired name could be the name of something else. */
export const givenName = (most: number) =>
  rawText(most).min(1).refine(isStorable, { error: 'a name without NUL and lone surrogates' });
const NO_FACT_ID = 'a UUID in lower case, of any version but 8, which is for facts of Courier itself';
const count = z.number().int().min(0).max(2_147_483_647);

export const messageId = rawText(36).refine(isUuidV7, { error: 'a UUIDv7 in lower case' });

const position = z.strictObject({
  topic: givenName(249),
  partition: count,
  offset: format(/^\d{1,18}$/, 'an offset as decimal text'),
});

const message = z.strictObject({
  topic: givenName(249),
  type: name.optional(),
  version: name.optional(),
  service: name.optional(),
  kind: z.enum(MESSAGE_KINDS).optional(),
  key: text(LIMITS.keyCharacters * 4).optional(),
  sentAt: time.optional().catch(undefined),
  size: count.optional(),
  traceId: name.optional(),
  producerId: name.optional(),
});

/** One fact as a source may report it. Unknown fields are refused; texts are made storable and cut. */
export const reportedFact = z
  .strictObject({
    factId: z
      .uuid({ error: NO_FACT_ID })
      .refine((id) => id === id.toLowerCase() && !isOwnFactId(id), { error: NO_FACT_ID }),
    kind: z.enum(REPORTED_KINDS),
    messageId: messageId.optional(),
    recordTime: z.number().int().transform(readableTime).optional(),
    at: time,
    message: message.optional(),
    position: position.optional(),
    group: givenName(255).optional(),
    generation: count.optional(),
    attempt: count.optional(),
    startedAt: time.optional(),
    durationMs: z.number().min(0).max(2_147_483_647).transform(Math.round).optional(),
    service: name.optional(),
    release: name.optional(),
    host: name.optional(),
    process: name.optional(),
    member: name.optional(),
    error: z
      .strictObject({
        type: name,
        message: text(LIMITS.messageBytes),
        stack: text(LIMITS.stackBytes).optional(),
      })
      .optional(),
    nextTryAt: time.optional(),
    gaveUp: z.strictObject({ to: position.nullable() }).optional(),
    retryId: name.optional(),
    held: z.boolean().optional(),
    mayBeStored: z.boolean().optional(),
    idHeaders: z
      .array(z.strictObject({ name, value: text(1_024) }))
      .max(20)
      .optional(),
    reason: text(LIMITS.messageBytes).optional(),
  })
  .refine(
    (fact) =>
      fact.messageId !== undefined || fact.position !== undefined || fact.message?.producerId !== undefined,
    {
      error: 'a fact names its message by messageId, by position, or by message.topic and message.producerId',
      path: ['messageId'],
    },
  )
  .refine((fact) => fact.group !== undefined || ['committed', 'indexed', 'send_failed'].includes(fact.kind), {
    error: 'a fact about a delivery names its group',
    path: ['group'],
  }) satisfies z.ZodType<ReportedFact>;

/** A batch whose facts are validated one by one, so that an invalid fact does not reject the others. */
export const factBatch = z.strictObject({
  v: z.literal(1),
  service: name,
  host: name,
  dropped: count.optional(),
  facts: z.array(z.unknown()).max(LIMITS.factsPerBatch),
});
