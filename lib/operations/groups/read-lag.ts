import { z } from 'zod';
import type { LagSeries } from '@/lib/contract/groups';
import { CourierError } from '@/lib/errors';
import { readLagChunks } from '@/lib/store/lag/read-lag';
import { readRollups } from '@/lib/store/lag/rollups';
import { defineOperation, type Call } from '../operation';
import { linesOf } from './lines';
import { groupName, text } from '@/lib/protocol/strings';

/** Points of one line; a chart has hardly more pixels. */
const MAX_POINTS = 360;
const MAX_SPAN_MS = 31 * 86_400_000;
/** Age up to which lag is stored as sampled; older lag has steps of five minutes. */
const FINE_MS = 2 * 86_400_000;

/** Lag of a group over time: one line a topic, or one a partition of one topic. */
export const readLag = defineOperation({
  name: 'groups.read-lag',
  permission: 'groups.read',
  input: z.strictObject({
    name: groupName,
    /** Span that ends now. */
    minutes: z.number().int().min(15).max(44_640).default(60),
    /** A span that does not end now; both or none. */
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    topic: text(249).optional(),
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
    const span = spanOf(call, input);
    const { from, to, stepSeconds } = span;
    const [rollups, chunks] = await Promise.all([
      // What is still there as it was measured needs no rollup.
      from < call.now().getTime() - FINE_MS
        ? readRollups(call.store, groupId, new Date(from), new Date(to))
        : [],
      readLagChunks(
        call.store,
        [groupId],
        new Date(Math.max(from, call.now().getTime() - FINE_MS)),
        new Date(to),
      ),
    ]);
    const lines = linesOf(
      [...rollups, ...(chunks.get(groupId) ?? [])],
      from,
      to,
      stepSeconds,
      (topic, partition) =>
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

function spanOf(call: Call, input: { minutes: number; from?: string | undefined; to?: string | undefined }) {
  const every = call.settings.COURIER_SAMPLE_SECONDS;
  const given = input.from !== undefined && input.to !== undefined;
  const end = given ? Date.parse(input.to ?? '') : call.now().getTime();
  const length = given ? end - Date.parse(input.from ?? '') : input.minutes * 60_000;
  if (length <= 0 || length > MAX_SPAN_MS) {
    throw new CourierError(
      'invalid_input',
      `from ${input.from ?? ''} to ${input.to ?? ''} is no span of a chart: it has to be forwards and 31 days at most.`,
    );
  }
  const stepSeconds = Math.ceil(length / 1000 / MAX_POINTS / every) * every;
  const step = stepSeconds * 1000;
  // Without a given span, the last step is the one in progress and is shown so far. A given span ends at its own end.
  const to = given ? Math.ceil(end / step) * step : Math.floor(end / step + 1) * step;
  return { from: to - Math.ceil(length / step) * step, to, stepSeconds };
}
