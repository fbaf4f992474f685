import type { PartitionEnds } from '@/lib/brokers/broker';
import { CourierError } from '@/lib/errors';
import { format } from '@/lib/protocol/strings';
import { insertMove, readMove, type StoredMove } from '@/lib/store/groups/position-moves';
import type { Context } from '@/lib/context/context';
import type { Call } from '../operation';
import { partitionText } from '@/lib/protocol/position';
import { membersNow } from '@/lib/engine/positions/group-at-broker';
import { groupNow } from './group-now';

export const moveId = format(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case');

/** @throws CourierError conflict while the group has members, who would not notice, or while that is not known */
export async function refuseLive(context: Context, name: string): Promise<void> {
  const members = await membersNow(context.broker, await groupNow(context, name));
  if (members !== null && members.length === 0) return;
  throw new CourierError(
    'conflict',
    members === null
      ? `The broker does not return whether the group ${name} has members now. Try again in a moment.`
      : `The group ${name} has ${members.length} members (${[...new Set(members.map(({ host }) => host))].join(', ')}). Stop them first: a running member keeps its own position and commits it again.`,
  );
}

/** Begin and end of the logs of topics, by place. */
export async function logsOf(
  { broker }: Pick<Context, 'broker'>,
  partitions: readonly { topic: string }[],
): Promise<Map<string, PartitionEnds>> {
  const { known } = await broker.logEnds([...new Set(partitions.map(({ topic }) => topic))]);
  return new Map(known.map((log) => [partitionText(log), log]));
}

/** Writes a move for the worker. @throws CourierError conflict where another one of the group is under way */
export async function writeMove(
  call: Call,
  move: Pick<Parameters<typeof insertMove>[1], 'id' | 'groupId' | 'target' | 'undoes'>,
  partitions: StoredMove['partitions'],
  why?: string,
): Promise<void> {
  const topicIds = await call.catalog.topicIds([...new Set(partitions.map(({ topic }) => topic))]);
  const isNew = await insertMove(call.tx, {
    ...move,
    clusterId: call.cluster.id,
    operatorId: call.actor.id,
    operatorName: call.actor.name,
    reason: why ?? null,
    partitions: partitions.map((item) => ({ ...item, topicId: topicIds.get(item.topic) ?? 0 })),
  });
  if (isNew || (await readMove(call.tx, move.groupId, move.id))) return;
  throw new CourierError(
    'conflict',
    'Another move of this group is under way, or this id is that of a move of another group. Look at the group again.',
  );
}
