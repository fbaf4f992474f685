import { z } from 'zod';
import type { LagSeries } from '@/lib/domain/group-views';
import { CourierError } from '@/lib/errors';
import { readLagChunks } from '@/lib/store/lag/read-lag';
import { defineOperation } from '../operation';
import { linesOf } from './figures';

/** Points of one line; a chart has hardly more pixels. */
const MOST_POINTS = 360;

/** Lag of a group over time: one line a topic, or one a partition of one topic. */
export const readLag = defineOperation({
  name: 'groups.read-lag',
  permission: 'groups.read',
  input: z.strictObject({
    name: z.string().min(1).max(255),
    minutes: z.number().int().min(15).max(1_440),
    topic: z.string().min(1).max(249).optional(),
  }),
  scope: ({ name }) => ({ group: name }),
  audit: null,
  async run(call, input): Promise<LagSeries> {
    const groupId = await call.catalog.findGroup(input.name);
    if (groupId < 0)
      throw new CourierError(
        'not_found',
        `There is no consumer group ${input.name} on ${call.cluster.name}.`,
      );
    const every = call.settings.COURIER_SAMPLE_SECONDS;
    const stepSeconds = Math.ceil((input.minutes * 60) / MOST_POINTS / every) * every;
    const to = Math.floor(call.now().getTime() / (stepSeconds * 1000) + 1) * stepSeconds * 1000;
    const from = to - input.minutes * 60_000;
    const chunks = await readLagChunks(call.store, groupId, new Date(from), new Date(to));
    const lines = linesOf(chunks, from, to, stepSeconds, (topic, partition) =>
      input.topic === undefined ? topic : topic === input.topic ? `${topic}/${partition}` : null,
    );
    const last = (values: (number | null)[]) => values.findLast((value) => value !== null) ?? 0;
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      stepSeconds,
      series: [...lines]
        .map(([name, values]) => ({ name, values }))
        .sort((a, b) => last(b.values) - last(a.values)),
    };
  },
});
