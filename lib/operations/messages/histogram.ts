import { z } from 'zod';
import { STATUSES } from '@/lib/domain/messages/status';
import type { MessageHistogram } from '@/lib/contract/messages';
import { floorUuidV7 } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { countByStep } from '@/lib/store/messages/count';
import { defineOperation } from '../operation';
import { filterOf, messageFilter } from './filter';

/** Bars of the histogram. */
const STEPS = 60;
/** Time limit for counting. */
const MAX_MS = 4_000;
const MAX_SPAN_MS = 31 * 86_400_000;

/** How many messages of a filter were made in each sixtieth of a span, by status. */
export const messageHistogram = defineOperation({
  name: 'messages.histogram',
  permission: 'messages.read',
  input: z.strictObject({
    ...messageFilter,
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
  }),
  scope: ({ topic, group }) => ({ ...(topic ? { topic } : {}), ...(group ? { group } : {}) }),
  audit: null,
  within: 'narrowed',
  async run(call, input): Promise<MessageHistogram> {
    const [from, to] = [Date.parse(input.from), Date.parse(input.to)];
    if (to <= from || to - from > MAX_SPAN_MS) {
      throw new CourierError(
        'invalid_input',
        `from ${input.from} to ${input.to} is no span of a histogram: it has to be forwards and 31 days at most.`,
      );
    }
    const stepMs = Math.ceil((to - from) / STEPS);
    const filter = await filterOf(call, input);
    const counts = await countByStep(
      call.store,
      call.partitions,
      { ...filter, from: floorUuidV7(from), to: floorUuidV7(to) },
      from,
      stepMs,
      MAX_MS,
    );
    const bars =
      counts && Object.fromEntries(STATUSES.map((status) => [status, new Array<number>(STEPS).fill(0)]));
    for (const { step, status, count } of counts ?? []) {
      const line = bars?.[status];
      if (line && step >= 0 && step < STEPS) line[step] = (line[step] ?? 0) + count;
    }
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      stepSeconds: stepMs / 1000,
      bars: bars as MessageHistogram['bars'],
    };
  },
});
