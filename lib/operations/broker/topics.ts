import { z } from 'zod';
import { topicRefusal } from '../services/authorize';
import { defineOperation } from '../operation';
import { serviceAccessOf } from './service-access';
import { topicName } from './names';

/** Makes topics that do not exist and answers all that the service may read or publish to, with their partitions. */
export const openTopics = defineOperation({
  name: 'broker.open-topics',
  permission: 'broker.use',
  input: z.strictObject({
    topics: z
      .array(z.strictObject({ name: topicName, partitions: z.number().int().min(1).max(1_000) }))
      .max(100)
      .refine((topics) => new Set(topics.map(({ name }) => name)).size === topics.length, {
        error: 'topics of different names: one of them is there twice',
      }),
  }),
  scope: ({ topics }) => ({ topic: topics.map((topic) => topic.name), access: 'create' }),
  audit: null,
  async run(call, input) {
    const { service } = call.actor;
    const answer = await serviceAccessOf(call).topics(input, service?.name ?? null);
    if (!service || service.shared) return answer;
    const seen = await Promise.all(
      answer.topics.map(
        async (topic) =>
          (await topicRefusal(call, service, topic.name, 'read')) === null ||
          (await topicRefusal(call, service, topic.name, 'create')) === null,
      ),
    );
    return { topics: answer.topics.filter((_, index) => seen[index]) };
  },
});
