import type { FetchPosition, GroupInfo, MoveAnswer } from '@/lib/brokers/broker';
import type { KafkaConnections } from './connections';
import { errorName, KAFKA_ERROR } from './wire/errors';
import {
  alterShareOffsetsRequest,
  commitPositionsRequest,
  type CommittedAnswer,
} from './wire/position-requests';

/** What a coordinator answers to a position without membership while its group has members. */
const HAS_MEMBERS: ReadonlySet<number> = new Set([
  KAFKA_ERROR.UNKNOWN_MEMBER_ID,
  KAFKA_ERROR.ILLEGAL_GENERATION,
  KAFKA_ERROR.REBALANCE_IN_PROGRESS,
  KAFKA_ERROR.NON_EMPTY_GROUP,
  KAFKA_ERROR.STALE_MEMBER_EPOCH,
]);
const NOT_ALLOWED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED,
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
]);

/** Asks one coordinator to move positions, by the request of the group's protocol. One answer each, in their order. */
export async function moveOn(
  connections: KafkaConnections,
  nodeId: number,
  group: Pick<GroupInfo, 'name' | 'type'>,
  to: readonly FetchPosition[],
): Promise<CommittedAnswer[]> {
  let answers: CommittedAnswer[];
  let other: number | null = null;
  if (group.type === 'share') {
    const answer = await connections.send(nodeId, alterShareOffsetsRequest(group.name, to));
    // Where the whole group is refused, no partition is answered.
    if (answer.error !== 0) other = answer.error;
    answers = answer.positions;
  } else answers = await connections.send(nodeId, commitPositionsRequest(group.name, to));
  return to.map(({ topic, partition }) => {
    const found = answers.find((item) => item.topic === topic && item.partition === partition);
    return { topic, partition, error: other ?? found?.error ?? KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION };
  });
}

/** Kafka's answer in the terms of the port. */
export function moveAnswerOf({ topic, partition, error }: CommittedAnswer): MoveAnswer {
  if (error === 0) return { outcome: 'moved' };
  const why = HAS_MEMBERS.has(error) ? 'has_members' : NOT_ALLOWED.has(error) ? 'not_allowed' : 'other';
  return { outcome: 'refused', why, reason: `${topic}/${partition}: ${errorName(error)}` };
}
