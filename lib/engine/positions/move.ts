import type { Context } from '@/lib/context/context';
import type { MoveAnswer } from '@/lib/brokers/broker';
import type { GroupType } from '@/lib/domain/groups/group-type';
import { partitionText } from '@/lib/protocol/position';
import { groupBy } from '@/lib/values/group-by';
import { endMove, markTried, readOpenMoves, type StoredMove } from '@/lib/store/groups/position-moves';
import { membersNow, positionsNow } from './group-at-broker';

/** A broker that does not answer for this long leaves the position where it is. */
const GIVE_UP_MS = 60_000;

type OpenMove = StoredMove & { group: string; type: GroupType; clusterId: number };

/**
 * Carries out the moves of a cluster that are open. One that a process died over is begun again: positions that
 * are already at their targets prove that the broker had moved them.
 * @returns how many ended
 */
export async function moveOpen(context: Context): Promise<number> {
  let ended = 0;
  for (const move of await readOpenMoves(context.store, context.cluster.id)) {
    const isEnded = await carryOut(context, move).catch((error: unknown) => {
      context.log.warn({ err: error, move: move.id }, 'a position could not be moved yet');
      return false;
    });
    if (isEnded || (await giveUpLate(context, move))) ended += 1;
  }
  return ended;
}

/** @returns whether it ended */
async function carryOut(context: Context, move: OpenMove): Promise<boolean> {
  const { broker, store } = context;
  const now = await positionsNow(broker, { name: move.group, type: move.type });
  if (now === null) return false;
  const at = (place: { topic: string; partition: number }) => now.get(partitionText(place))?.offset ?? null;
  if (move.triedAt !== null && move.partitions.every((item) => at(item) === item.to)) {
    await endMove(store, move, 'moved');
    return true;
  }
  const elsewhere = move.partitions.filter(
    (item) => at(item) !== item.from && (move.triedAt === null || at(item) !== item.to),
  );
  if (elsewhere.length > 0) {
    const state = move.triedAt === null ? 'refused' : 'unclear';
    const detail = elsewhere.map((item) => `${partitionText(item)}: ${at(item) ?? '-'}`);
    await endMove(store, move, state, 'moved_on', textOf(detail));
    return true;
  }
  return (await refuse(context, move)) || ask(context, move);
}

/** Refuses what must not be moved now. @returns whether it was refused */
async function refuse({ broker, store }: Context, move: OpenMove): Promise<boolean> {
  const members = await membersNow(broker, { name: move.group, type: move.type });
  if (members === null || members.length > 0) {
    const hosts = [...new Set((members ?? []).map(({ clientId, host }) => `${clientId} (${host})`))];
    await endMove(store, move, 'refused', members ? 'has_members' : 'members_unknown', textOf(hosts));
    return true;
  }
  const { known } = await broker.logEnds([...new Set(move.partitions.map(({ topic }) => topic))]);
  const logs = new Map(known.map((log) => [partitionText(log), log]));
  const outside = move.partitions.filter((item) => {
    const log = logs.get(partitionText(item));
    // A log that retention shortened since the plan begins later, and so does the group.
    return log && item.to > log.end;
  });
  if (outside.length === 0) return false;
  await endMove(store, move, 'refused', 'outside_log', textOf(outside.map(partitionText)));
  return true;
}

/** Asks the broker. @returns true; without an answer it throws, and the move is checked again */
async function ask({ broker, store }: Context, move: OpenMove): Promise<boolean> {
  await markTried(store, move.id);
  const to = move.partitions.map(({ topic, partition, to: offset }) => ({ topic, partition, offset }));
  const answers = await broker.movePositions({ name: move.group, type: move.type }, to);
  const refused = answers.filter((answer) => answer.outcome === 'refused');
  const [first] = refused;
  if (!first) await endMove(store, move, 'moved');
  else {
    const state = refused.length === answers.length ? 'refused' : 'partly';
    await endMove(store, move, state, first.why, textOf(reasonsOf(refused)));
  }
  return true;
}

/** One line for each reason, since most partitions are refused for the same one. */
function reasonsOf(refused: Extract<MoveAnswer, { outcome: 'refused' }>[]): string[] {
  return [...groupBy(refused, ({ why }) => why).values()].flatMap((list) => list[0]?.reason ?? []);
}

async function giveUpLate(context: Context, move: OpenMove): Promise<boolean> {
  if (context.now().getTime() - move.createdAt.getTime() < GIVE_UP_MS) return false;
  await endMove(context.store, move, move.triedAt === null ? 'refused' : 'unclear', 'no_answer');
  return true;
}

const DETAIL_LENGTH = 500;

function textOf(list: readonly string[]): string | null {
  return list.length === 0 ? null : list.join(', ').slice(0, DETAIL_LENGTH);
}
