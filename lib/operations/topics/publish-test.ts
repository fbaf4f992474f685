import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { uuidV7From } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { roleOfTopic } from '@/lib/protocol/topics';
import { insertTest } from '@/lib/store/test-messages';
import { readPolicies } from '@/lib/store/topics';
import { defineOperation } from '../operation';
import { anyText, reason, text, words } from '@/lib/protocol/strings';

const MAX_PAYLOAD = 500_000;
const header = text(255);

/** Accepts a test message; a worker sends it. It carries an id, so that its story can be read at once. */
export const publishTest = defineOperation({
  name: 'topics.publish-test',
  permission: 'topics.publish',
  input: z.strictObject({
    topic: text(249),
    partition: z.number().int().min(0).max(1_000_000).nullable().default(null),
    key: anyText(4_096).nullable().default(null),
    type: words(255).nullable().default(null),
    headers: z
      .array(z.tuple([header, anyText(8_192)]))
      .max(50)
      .default([]),
    /** null sends a record without a value: a tombstone. */
    payload: anyText(MAX_PAYLOAD).nullable(),
    reason: reason.optional(),
  }),
  scope: ({ topic }) => ({ topic }),
  audit: ({ topic, reason }, { id }: { id: string }) => ({
    object: `topic ${topic}`,
    reason: reason ?? null,
    detail: { message: id },
  }),
  async run(call, input): Promise<{ id: string }> {
    if (roleOfTopic(input.topic) !== 'message') {
      throw new CourierError(
        'not_allowed',
        `${input.topic} is Courier's own; test messages go to topics of services.`,
      );
    }
    const reserved = input.headers.find(([name]) => name.startsWith('courier-'));
    if (reserved) {
      throw new CourierError(
        'invalid_input',
        `headers: ${JSON.stringify(reserved[0])} begins with courier-, which Courier sets itself. Name it otherwise.`,
      );
    }
    const topic = (await readPolicies(call.store, call.cluster.id)).get(input.topic);
    if (!topic || topic.goneAt) {
      throw new CourierError('not_found', `There is no topic ${input.topic} on ${call.cluster.name}.`);
    }
    const id = uuidV7From(call.now().getTime(), randomBytes(10));
    await insertTest(call.tx, call.cluster.id, topic.id, call.actor.id, {
      id,
      operator: call.actor.name,
      partition: input.partition,
      key: input.key,
      type: input.type,
      headers: input.headers,
      payload: input.payload,
    });
    return { id };
  },
});
