import { z } from 'zod';
import { storable } from '@/lib/domain/text';
import { givenName } from '../facts/fact-schema';

/** What the requests of services to the embedded broker consist of; see lib/protocol/broker-http.ts. */
export const topicName = givenName(249);
export const groupName = givenName(255);
export const memberName = givenName(255);
const partition = z.number().int().min(0).max(1_000_000);

/** What a client says of itself; it is mended where it cannot be stored. */
export const clientText = (max: number) =>
  z
    .string()
    .max(max)
    .transform((text) => storable(text, max * 4));

export const base64 = z.base64().max(4_000_000);
export const position = {
  topic: topicName,
  partition,
  offset: z.string().regex(/^\d{1,18}$/, { error: 'an offset as decimal text' }),
};
export const optionalPartition = partition.optional();
