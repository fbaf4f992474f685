import { z } from 'zod';
import { givenName } from '@/lib/protocol/fact-schema';
import { format, rawText } from '@/lib/protocol/strings';

/** What the requests of services to the embedded broker consist of; see lib/protocol/broker-http.ts. */
export const topicName = givenName(249);
export const groupName = givenName(255);
export const memberName = givenName(255);
const partition = z.number().int().min(0).max(1_000_000);

/** A header's name goes to the topic as it is. */
export const headerName = rawText(10_000);
export const base64 = z.base64().max(4_000_000);
export const position = {
  topic: topicName,
  partition,
  offset: format(/^\d{1,18}$/, 'an offset as decimal text'),
};
export const optionalPartition = partition.optional();
