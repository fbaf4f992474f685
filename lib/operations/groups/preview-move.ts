import { z } from 'zod';
import type { MovePreview } from '@/lib/contract/groups';
import type { PartitionEnds } from '@/lib/brokers/broker';
import { destinationOf, effectOf } from '@/lib/domain/groups/position-move';
import { CourierError } from '@/lib/errors';
import { membersNow, positionsNow } from '@/lib/engine/positions/group-at-broker';
import { partitionText } from '@/lib/protocol/position';
import { groupName, offsetText, text } from '@/lib/protocol/strings';
import type { Context } from '@/lib/context/context';
import { defineOperation } from '../operation';
import { groupNow } from './group-now';

export const moveTarget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('time'),
    at: z.iso.datetime({ error: 'a time as ISO 8601 in UTC, such as 2026-12-01T06:00:00Z' }),
  }),
  z.strictObject({ kind: z.literal('offset'), offset: offsetText }),
  z.strictObject({ kind: z.literal('lag'), lag: z.int().min(0) }),
  z.strictObject({ kind: z.literal('start') }),
  z.strictObject({ kind: z.literal('end') }),
]);
type Target = z.output<typeof moveTarget>;

/** Requests for one time, which are one for each partition. */
const TIMES_AT_ONCE = 20;

/** What moving positions of a group would skip and repeat, as the broker has them now. Changes nothing. */
export const previewMove = defineOperation({
  name: 'groups.preview-move',
  permission: 'groups.read',
  input: z.strictObject({
    name: groupName,
    topic: text(249).nullable(),
    partition: z.int().min(0).nullable(),
    to: moveTarget,
  }),
  scope: ({ name, topic }) => ({ group: name, ...(topic === null ? {} : { topic }) }),
  audit: null,
  async run(call, { name, topic, partition, to }): Promise<MovePreview> {
    const group = await groupNow(call, name);
    const [positions, members] = await Promise.all([
      positionsNow(call.broker, group),
      membersNow(call.broker, group),
    ]);
    if (positions === null)
      throw new CourierError(
        'broker_unreachable',
        `The broker does not return the positions of the group ${group.name} now. Try again in a moment.`,
      );
    const read = [
      ...new Set([...[...positions.values()].map((item) => item.topic), ...(group.judged?.topics ?? [])]),
    ];
    const topics = topic === null ? read : read.filter((item) => item === topic);
    if (topic !== null && topics.length === 0)
      throw new CourierError(
        'not_found',
        `The group ${group.name} does not read ${JSON.stringify(topic)}; it reads ${read.join(', ') || 'nothing'}.`,
      );
    const { known } = await call.broker.logEnds(topics);
    const logs = known.filter((log) => partition === null || log.partition === partition);
    if (logs.length === 0)
      throw new CourierError(
        'not_found',
        `${topic ?? group.name} has no partition ${partition ?? ''} that the broker returns now.`,
      );
    const partitions = await plan(call, logs, positions, to);
    const sum = (of: 'skipped' | 'repeated') => partitions.reduce((total, item) => total + item[of], 0);
    return {
      at: call.now().toISOString(),
      refusal: members === null ? 'members_unknown' : members.length > 0 ? 'has_members' : null,
      members: members?.map(({ clientId, host }) => ({ clientId, host })) ?? null,
      reading: group.judged?.reading ?? 'unknown',
      compacted: await compactedOf(call, topics),
      partitions,
      skipped: sum('skipped'),
      repeated: sum('repeated'),
    };
  },
});

async function plan(
  { broker }: Context,
  logs: readonly PartitionEnds[],
  positions: ReadonlyMap<string, { offset: bigint }>,
  to: Target,
): Promise<MovePreview['partitions']> {
  const times = to.kind === 'time' ? await offsetsAt(broker, logs, Date.parse(to.at)) : null;
  return logs.map((log, index) => {
    const { topic, partition } = log;
    const from = positions.get(partitionText(log))?.offset ?? null;
    const { to: offset, limitedTo } = destinationOf(to, log, times?.[index] ?? null);
    return {
      topic,
      partition,
      from: from?.toString() ?? null,
      to: offset.toString(),
      ...effectOf(from, offset, log),
      limitedTo,
    };
  });
}

async function offsetsAt(
  broker: Context['broker'],
  logs: readonly PartitionEnds[],
  time: number,
): Promise<bigint[]> {
  const offsets: bigint[] = [];
  for (let at = 0; at < logs.length; at += TIMES_AT_ONCE)
    offsets.push(
      ...(await Promise.all(
        logs
          .slice(at, at + TIMES_AT_ONCE)
          .map(({ topic, partition }) => broker.offsetAt(topic, partition, time)),
      )),
    );
  return offsets;
}

/** Those of the topics that are compacted, as far as Courier may read their settings. */
async function compactedOf({ broker }: Context, topics: string[]): Promise<string[]> {
  const settings = await broker.settingsOf(topics).catch(() => null);
  return topics.filter((topic) => settings?.get(topic)?.compacted === true);
}
