import { z } from 'zod';
import { newUuidV7 } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { roleOfTopic } from '@/lib/protocol/topics';
import { testHeaders } from '@/lib/engine/sending/build-record';
import { insertItem, insertRetry } from '@/lib/store/retries/accept';
import { readPolicies } from '@/lib/store/topics/topics';
import { defineOperation } from '../operation';
import { anyText, reason, text, words } from '@/lib/protocol/strings';

const MAX_PAYLOAD = 500_000;
const header = text(255);

const bytesOf = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));

/** Accepts a test message as an item of the ledger; a worker sends it. It carries an id, so that its story can be read at once. */
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
    const id = newUuidV7(call.now().getTime());
    await insertRetry(call.tx, {
      id,
      kind: 'test',
      clusterId: call.cluster.id,
      operatorId: call.actor.id,
      operatorName: call.actor.name,
      reason: input.reason ?? null,
      selection: { topic: input.topic },
      idempotencyKey: null,
      requestSha256: null,
    });
    await insertItem(call.tx, {
      retryId: id,
      clusterId: call.cluster.id,
      messageId: id,
      groupId: null,
      generation: 0,
      courierRetryId: id,
      targetTopic: input.topic,
      targetPartition: input.partition,
      state: 'PENDING',
      reason: null,
      body: {
        key: bytesOf(input.key),
        value: bytesOf(input.payload),
        headers: testHeaders({ ...input, id }, call.now()),
      },
    });
    return { id };
  },
});
