import type { Broker, GroupInfo, GroupMember } from '@/lib/brokers/broker';
import { partitionText } from '@/lib/protocol/position';

type Group = Pick<GroupInfo, 'name' | 'type'>;

/** Its state is what is asked for: a state from an earlier listing must not replace a missing answer. */
const infoOf = ({ name, type }: Group): GroupInfo => ({ name, type, state: 'Unknown' });

/** Live members of a group as the broker has them now; null: not known. */
export async function membersNow(
  broker: Pick<Broker, 'describeGroups'>,
  group: Group,
): Promise<GroupMember[] | null> {
  const [described] = await broker.describeGroups([infoOf(group)]);
  return described?.members ?? null;
}

/**
 * Positions of a group as the broker has them now, by `<topic>/<partition>`. One that is missing is none.
 * @returns null where the broker does not return all of them: then a missing one may exist
 */
export async function positionsNow(
  broker: Pick<Broker, 'positions'>,
  group: Group,
): Promise<Map<string, { topic: string; offset: bigint }> | null> {
  const { positions, unknown } = await broker.positions([infoOf(group)]);
  if (unknown.length > 0) return null;
  const found = new Map<string, { topic: string; offset: bigint }>();
  for (const { topic, partition, offset } of positions) {
    if (offset === null) return null;
    found.set(partitionText({ topic, partition }), { topic, offset });
  }
  return found;
}
