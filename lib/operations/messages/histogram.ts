import { z } from 'zod';
import { STATUSES } from '@/lib/domain/messages/status';
import type { MessageHistogram } from '@/lib/contract/messages';
import { CourierError } from '@/lib/errors';
import { countByStep, type CountedSpan } from '@/lib/store/messages/count';
import type { MessageFilter } from '@/lib/store/messages/filter';
import { readUnreportedShapes } from '@/lib/store/messages/unreported-shapes';
import { defineOperation, type Call } from '../operation';
import { filterOf, messageFilter, scopeOf } from './filter';

/** Bars of the histogram at most. */
const STEPS = 60;
/** Time limit for counting. */
const MAX_MS = 4_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MAX_SPAN_MS = 31 * DAY_MS;
/** Longer than any span, and a number of whole hours. */
const WHOLE_MS = HOUR_MS * 1_000_000_000;

/** How many messages of a filter were made in each step of a span, by status, and how many before it. */
export const messageHistogram = defineOperation({
  name: 'messages.histogram',
  permission: 'messages.read',
  input: z.strictObject({
    ...messageFilter,
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
  }),
  scope: scopeOf,
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
    const span = spanOf(from, to);
    const filter = await filterOf(call, input);
    const counted = await countByStep(call.store, call.partitions, filter, span, MAX_MS);
    // Everything before, as one step: a list goes on beyond the bars.
    const before = { from: 0, to: from, begin: 0, stepMs: WHOLE_MS };
    const older = counted && (await countByStep(call.store, call.partitions, filter, before, MAX_MS));
    const steps = Math.ceil((to - span.begin) / span.stepMs);
    const bars =
      counted && Object.fromEntries(STATUSES.map((status) => [status, new Array<number>(steps).fill(0)]));
    for (const { step, status, count } of counted?.counts ?? []) {
      const line = bars?.[status];
      if (line && step >= 0 && step < steps) line[step] = (line[step] ?? 0) + count;
    }
    const unreported = counted && (await unreportedIn(call, filter, span, steps));
    const sums = older && Object.fromEntries(STATUSES.map((status) => [status, 0]));
    for (const { status, count } of older?.counts ?? []) if (sums) sums[status] = (sums[status] ?? 0) + count;
    return {
      from: new Date(span.begin).toISOString(),
      to: new Date(to).toISOString(),
      stepSeconds: span.stepMs / 1000,
      bars: bars as MessageHistogram['bars'],
      unreported,
      isCut: counted?.isCut ?? false,
      older: sums as MessageHistogram['older'],
      isOlderCut: older?.isCut ?? false,
    };
  },
});

/** Committed messages on which no service reports, in each step; null when counting took too long. */
async function unreportedIn(
  call: Call,
  filter: MessageFilter,
  span: CountedSpan,
  steps: number,
): Promise<number[] | null> {
  const none = new Array<number>(steps).fill(0);
  // A group's own delivery is one that is reported on.
  const isAsked = filter.statuses.length === 0 || filter.statuses.includes('COMMITTED');
  if (filter.groupId !== null || !isAsked) return none;
  const shapeIds = await readUnreportedShapes(call.store, call.cluster.id);
  if (shapeIds.length === 0) return none;
  const committed: MessageFilter = { ...filter, statuses: ['COMMITTED'], shapeIds };
  const counted = await countByStep(call.store, call.partitions, committed, span, MAX_MS);
  if (!counted) return null;
  for (const { step, count } of counted.counts)
    if (step >= 0 && step < steps) none[step] = (none[step] ?? 0) + count;
  return none;
}

/**
 * Steps of a span: whole minutes, from two days on whole hours, so that the stored counts fit into them. A span of less than
 * an hour has shorter steps.
 */
function spanOf(from: number, to: number): CountedSpan {
  const unit = to - from > 2 * DAY_MS ? HOUR_MS : to - from >= HOUR_MS ? MINUTE_MS : null;
  if (unit === null) return { from, to, begin: from, stepMs: Math.ceil((to - from) / STEPS) };
  const begin = Math.floor(from / unit) * unit;
  return { from, to, begin, stepMs: Math.max(unit, Math.ceil((to - begin) / STEPS / unit) * unit) };
}
