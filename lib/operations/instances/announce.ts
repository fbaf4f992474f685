import { z } from 'zod';
import type { ServiceGrant } from '@/lib/domain/services/rights';
import { CourierError } from '@/lib/errors';
import { COURIER_PREFIX, DEFAULT_TOPIC_PREFIX, retryTopicOf } from '@/lib/protocol/topics';
import { recordInstance } from '@/lib/store/groups/record-instance';
import { readApprovedRetryTopics } from '@/lib/store/services/retry-topics';
import type { Context } from '@/lib/context/context';
import { CONSUMERS, LIMITS, OBSTACLES, type BeatAnswer } from '@/lib/protocol/fact';
import { SKIP_WITHIN_MS } from '@/lib/domain/groups/skip';
import { endSkips, openSkips } from '@/lib/store/groups/skips';
import { givenName } from '@/lib/protocol/fact-schema';
import { defineOperation } from '../operation';
import { anyText, clientText } from '@/lib/protocol/strings';

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
    topicPrefix: givenName(60).optional(),
    subscriptions: z
      .array(
        z.strictObject({
          group: name,
          topics: z.array(givenName(249)).min(1).max(500),
          types: z.array(name).max(500).optional(),
          retryTopic: givenName(249).nullable(),
          retryReady: z.boolean(),
          retryProblem: clientText(2_000).optional(),
          problems: z
            .array(
              z.strictObject({
                consumer: z.enum(CONSUMERS),
                what: z.enum(OBSTACLES),
                error: clientText(200),
                message: clientText(LIMITS.problemBytes),
                since: z.iso.datetime(),
              }),
            )
            .max(CONSUMERS.length * OBSTACLES.length)
            .optional(),
          crashes: z.number().int().min(0).optional(),
          unreadable: z.number().int().min(0).optional(),
          member: anyText(500),
        }),
      )
      .max(200),
    done: z.array(z.uuid()).max(1_000).optional(),
  }),
  scope: ({ subscriptions }) => ({
    group: subscriptions.map((subscription) => subscription.group),
    topic: [...new Set(subscriptions.flatMap((subscription) => subscription.topics))],
  }),
  audit: null,
  async run(call, beat): Promise<BeatAnswer> {
    const { store, catalog, actor } = call;
    const announced = withoutForeignTopics(beat);
    if (actor.service && !actor.service.shared) await checkAnnouncement(call, actor.service, announced);
    const groups = await catalog.groupIds(beat.subscriptions.map((subscription) => subscription.group));
    const topics = await catalog.topicIds(beat.subscriptions.flatMap((subscription) => subscription.topics));
    await recordInstance(store, catalog.clusterId, announced, groups, topics);
    const ids = [...groups.values()];
    if (beat.done) await endSkips(store, ids, beat.done, beat.instance);
    const commands = await openSkips(store, ids, new Date(call.now().getTime() - SKIP_WITHIN_MS));
    return { commands };
  },
});

type Beat = z.output<typeof announceInstance.input>;

/**
 * Of a service whose topics of Courier have another prefix, no retry topic counts: what Courier sent there under its own
 * prefix would be read by no consumer.
 */
function withoutForeignTopics(beat: Beat): Beat {
  const prefix = beat.topicPrefix ?? DEFAULT_TOPIC_PREFIX;
  if (prefix === COURIER_PREFIX) return beat;
  const retryProblem = `The service's topics of Courier begin with ${JSON.stringify(prefix)}, those of this Courier with ${JSON.stringify(COURIER_PREFIX)}; COURIER_TOPIC_PREFIX has to be the same in both.`;
  return {
    ...beat,
    subscriptions: beat.subscriptions.map((subscription) => ({
      ...subscription,
      retryTopic: null,
      retryReady: false,
      retryProblem,
    })),
  };
}

/** Refuses a heartbeat in another service's name, and a retry topic that is not the group's own nor was approved. */
async function checkAnnouncement(
  context: Context,
  service: ServiceGrant,
  beat: { service: string; subscriptions: { group: string; retryTopic: string | null }[] },
): Promise<void> {
  if (beat.service !== service.name) {
    throw new CourierError(
      'not_allowed',
      `The heartbeat is of the service ${JSON.stringify(beat.service)}, and the token of ${JSON.stringify(service.name)}. An operator makes a token of that service with: courier token ${JSON.stringify(beat.service)}`,
    );
  }
  const others = beat.subscriptions.filter(
    ({ group, retryTopic }) => retryTopic !== null && retryTopic !== retryTopicOf(group),
  );
  if (others.length === 0) return;
  const approved = await readApprovedRetryTopics(
    context.store,
    context.cluster.id,
    others.map(({ group }) => group),
  );
  const unapproved = others.find(
    ({ group, retryTopic }) => !approved.some((row) => row.group === group && row.topic === retryTopic),
  );
  if (!unapproved) return;
  const { group, retryTopic } = unapproved;
  throw new CourierError(
    'not_allowed',
    `The retry topic of the group ${JSON.stringify(group)} is ${JSON.stringify(retryTopicOf(group))}, not ${JSON.stringify(retryTopic)}. An operator can approve another one with: courier group ${JSON.stringify(group)} --retry-topic ${JSON.stringify(retryTopic)}`,
  );
}
