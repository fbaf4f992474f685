import { positionText } from '@/lib/protocol/position';
import { z } from 'zod';
import type { GroupView } from '@/lib/contract/groups';
import { readLagChunks, readLagNow, type LagNow } from '@/lib/store/lag/read-lag';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { readTroubles } from '@/lib/store/groups/read-troubles';
import { failuresNow } from '../failures/rows';
import { messagesAt } from '../messages/messages-at';
import { defineOperation, type Call } from '../operation';
import { byTrouble } from '@/lib/domain/groups/verdict';
import { readExpectations } from '@/lib/store/groups/expectations';
import { readLosses } from '@/lib/store/groups/losses';
import { groupRow } from './figures';
import { groupNow } from './group-now';
import { linesOf } from './lines';
import { movesOf } from './moves';
import { skipsOf } from './skips';
import { groupName } from '@/lib/protocol/strings';

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** Partitions whose past is shown; a page has no room for more, nor has an answer that is asked every five seconds. */
const MAX_SPARKS = 100;

/** One consumer group: its figures, partitions with who holds them and what holds them up, members. */
export const getGroup = defineOperation({
  name: 'groups.get',
  permission: 'groups.read',
  input: z.strictObject({ name: groupName }),
  scope: ({ name }) => ({ group: name }),
  audit: null,
  async run(call, input): Promise<GroupView> {
    const { store, cluster, settings } = call;
    const group = await groupNow(call, input.name);
    const { name } = group;
    const now = call.now();
    const [rows, failures, lines, troubles, losses, expectations] = await Promise.all([
      readLagNow(store, cluster.id, group.groupId),
      failuresNow(call),
      pastOf(call, group.groupId, now),
      readTroubles(store, cluster.id, name, new Date(now.getTime() - SILENT_AFTER_MS)),
      readLosses(store, cluster.id, group.groupId),
      readExpectations(store, cluster.id),
    ]);
    const row = groupRow(now, settings.COURIER_SAMPLE_SECONDS, group, {
      losses,
      expectation: expectations.find(({ groupId }) => groupId === group.groupId),
    });
    return {
      ...row,
      spark: [],
      at: now.toISOString(),
      everySeconds: settings.COURIER_SAMPLE_SECONDS,
      failures: failures.filter((failure) => failure.group === name).length,
      partitions: await partitionsOf(call, row, rows, lines),
      transaction: row.verdict === 'waits_transaction' ? await transactionOf(call, row.worst) : null,
      memberList: group.members,
      reports: group.reports,
      moves: await movesOf(call, group.groupId, rows),
      ...(await skipsOf(call, group, now)),
      troubles: troubles.map(({ group: _, ...trouble }) => trouble),
    };
  },
});

/** The transaction that a group waits for. A broker that does not answer hides no page. */
async function transactionOf(call: Call, worst: GroupView['worst']): Promise<GroupView['transaction']> {
  if (!worst) return null;
  const open = await call.broker.openTransaction(worst.topic, worst.partition).catch(() => null);
  return (
    open && {
      producerId: open.producerId.toString(),
      transactionalId: open.transactionalId,
      startedAt: open.startedAt === null ? null : new Date(open.startedAt).toISOString(),
      timeoutSeconds: open.timeoutMs === null ? null : open.timeoutMs / 1_000,
    }
  );
}

/** The last hour of a group by partition. */
async function pastOf(call: Call, groupId: number, now: Date) {
  // Now is in the middle of a minute, which is shown as far as it goes.
  const to = Math.floor(now.getTime() / MINUTE_MS + 1) * MINUTE_MS;
  const from = to - MINUTES * MINUTE_MS;
  const chunks = (await readLagChunks(call.store, [groupId], new Date(from), now)).get(groupId) ?? [];
  return linesOf(chunks, from, to, MINUTE_MS / 1_000, (topic, partition) => `${topic}/${partition}`);
}

/** Partitions of a group in order of trouble, then by lag. */
async function partitionsOf(
  call: Call,
  group: Pick<GroupView, 'name' | 'verdict' | 'isMeasuring' | 'sampledAt'>,
  rows: LagNow[],
  lines: Map<string, (number | null)[]>,
): Promise<GroupView['partitions']> {
  // A group whose sample is too old has partitions whose samples are too old.
  const isOld = group.verdict === 'no_data' && !group.isMeasuring;
  const verdictOf = (row: LagNow) => (isOld ? 'no_data' : (row.judged?.verdict ?? 'no_data'));
  const isStuck = (row: LagNow) => verdictOf(row) === 'stuck' && row.committed !== null;
  const found = await messagesAt(call, rows.filter(isStuck).map(positionOf), group.name);
  return rows
    .toSorted(
      (a, b) =>
        byTrouble(verdictOf(a), verdictOf(b)) ||
        (b.judged?.lag ?? 0) - (a.judged?.lag ?? 0) ||
        (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition),
    )
    .map((row, index) => ({
      topic: row.topic,
      partition: row.partition,
      verdict: verdictOf(row),
      isMeasuring: !isOld && (row.judged?.isMeasuring ?? true),
      since: isOld ? group.sampledAt : new Date(row.judged?.since.at ?? row.movedAt).toISOString(),
      sinceIsAtLeast: !isOld && (row.judged?.since.isAtLeast ?? true),
      committed: row.committed?.toString() ?? null,
      end: row.end.toString(),
      lag: isOld ? null : (row.judged?.lag ?? null),
      behindSeconds: isOld ? null : (row.judged?.delay?.seconds ?? null),
      behindIsAtLeast: row.judged?.delay?.isAtLeast ?? false,
      drain: isOld ? { kind: 'unknown' as const } : (row.judged?.drain ?? { kind: 'unknown' as const }),
      risk: isOld ? null : (row.judged?.risk ?? null),
      rateIn: row.rateIn,
      rateOut: row.rateOut,
      member: row.member,
      host: row.host,
      movedAt: row.movedAt.toISOString(),
      spark: index < MAX_SPARKS ? (lines.get(`${row.topic}/${row.partition}`) ?? []) : [],
      stands: isStuck(row) ? { message: found.get(positionOf(row)) ?? null } : null,
    }));
}

function positionOf(row: LagNow): string {
  return positionText({ ...row, offset: row.committed ?? 0n });
}
