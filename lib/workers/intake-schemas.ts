import { z } from 'zod';
import { storable } from '@/lib/domain/text';
import { givenName } from '@/lib/operations/facts/fact-schema';

const topic = givenName(249);
const group = givenName(255);
const member = givenName(255);
const partition = z.number().int().min(0).max(1_000_000);
const offset = z.string().regex(/^\d{1,18}$/);
/** What a client says of itself. */
const said = (most: number) =>
  z
    .string()
    .max(most)
    .transform((text) => storable(text, most * 4));
const base64 = z.base64().max(4_000_000);
const place = { topic, partition, offset };

/** Bodies of the requests that the SDK's HTTP transport sends; see lib/protocol/broker-http.ts. */
export const BROKER_SCHEMAS = {
  topics: z.strictObject({
    topics: z.array(z.strictObject({ name: topic, partitions: z.number().int().min(1).max(1_000) })).max(100),
  }),
  publish: z.strictObject({
    records: z
      .array(
        z.strictObject({
          topic,
          partition: partition.optional(),
          key: base64.nullable(),
          value: base64.nullable(),
          headers: z.array(z.tuple([z.string(), base64.nullable()])).max(1_000),
        }),
      )
      .min(1)
      .max(1_000),
  }),
  join: z.strictObject({
    group,
    member,
    clientId: said(255),
    host: said(255),
    topics: z.array(topic).min(1).max(500),
    fromBeginning: z.boolean(),
  }),
  poll: z.strictObject({
    group,
    member,
    generation: z.number().int(),
    waitMs: z.number().int().min(0).max(30_000),
    maxBytes: z.number().int().min(1).max(10_000_000),
    positions: z.array(z.strictObject(place)).max(10_000),
  }),
  commit: z.strictObject({
    group,
    member,
    generation: z.number().int(),
    offsets: z.array(z.strictObject({ ...place, metadata: said(4_096).nullable() })).max(10_000),
  }),
  leave: z.strictObject({ group, member }),
} as const;
