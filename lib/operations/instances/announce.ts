import { z } from 'zod';
import { recordInstance } from '@/lib/store/groups/record-instance';
import { storable } from '@/lib/domain/text';
import { givenName } from '../facts/fact-schema';
import { defineOperation } from '../operation';

const name = givenName(255);

/** One heartbeat of a service: who runs where, which groups it is a member of, whether their retry topics are read. */
export const announceInstance = defineOperation({
  name: 'instances.announce',
  permission: 'facts.record',
  input: z.strictObject({
    v: z.literal(1),
    instance: givenName(500),
    service: name,
    release: name,
    host: name,
    process: name,
    dropped: z.number().int().min(0),
    subscriptions: z
      .array(
        z.strictObject({
          group: name,
          topics: z.array(givenName(249)).min(1).max(500),
          types: z.array(name).max(500).optional(),
          retryTopic: givenName(249).nullable(),
          retryReady: z.boolean(),
          retryProblem: z
            .string()
            .max(2000)
            .transform((text) => storable(text, 8_000))
            .optional(),
          member: z.string().max(500),
        }),
      )
      .max(200),
  }),
  scope: () => ({}),
  audit: null,
  async run({ store, catalog }, beat) {
    const groups = await catalog.groupIds(beat.subscriptions.map((one) => one.group));
    const topics = await catalog.topicIds(beat.subscriptions.flatMap((one) => one.topics));
    await recordInstance(store, catalog.clusterId, beat, groups, topics);
    // Commands (try now, skip) will travel back in this answer.
    return { commands: [] };
  },
});
