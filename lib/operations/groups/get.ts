import { positionText } from '@/lib/protocol/position';
import { z } from 'zod';
import type { GroupView } from '@/lib/contract/groups';
import { isOnTheWay, isStuck } from '@/lib/domain/groups/verdict';
import { storedName } from '@/lib/store/names/catalog';
import { CourierError } from '@/lib/errors';
import { readGroupsNow, readLagChunks, readLagNow, type LagNow } from '@/lib/store/lag/read-lag';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { readTroubles } from '@/lib/store/groups/read-troubles';
import { failuresNow } from '../failures/rows';
import { messagesAt } from '../messages/messages-at';
import { defineOperation, type Call } from '../operation';
import { behindSince, groupRow, lagOf, linesOf, stillSecondsOf } from './figures';
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
    const name = storedName(input.name);
    const { store, cluster, settings } = call;
    const group = (await readGroupsNow(store, cluster.id)).find((item) => item.name === name);
    if (!group) throw new CourierError('not_found', `There is no consumer group ${name} on ${cluster.name}.`);
    const now = call.now();
    const [rows, failures, past, troubles] = await Promise.all([
      readLagNow(store, cluster.id, group.groupId),
      failuresNow(call),
      pastOf(call, group.groupId, now),
      readTroubles(store, cluster.id, name, new Date(now.getTime() - SILENT_AFTER_MS)),
    ]);
    const row = groupRow(now, settings.COURIER_SAMPLE_SECONDS, name, rows, group, []);
    return {
      ...row,
      at: now.toISOString(),
      everySeconds: settings.COURIER_SAMPLE_SECONDS,
      behindSince: isOnTheWay(row.lag, row.rateOut ?? 0) ? null : past.behindSince(row.rateOut ?? 0),
      failures: failures.filter((failure) => failure.group === name).length,
      partitions: await partitionsOf(call, name, rows, past.lines),
      memberList: group.members,
      reports: group.reports,
      troubles: troubles.map(({ group: _, ...trouble }) => trouble),
    };
  },
});

/** The last hour of a group, by partition and over all. */
async function pastOf(call: Call, groupId: number, now: Date) {
  // Now is in the middle of a minute, which is shown as far as it goes.
  const to = Math.floor(now.getTime() / MINUTE_MS + 1) * MINUTE_MS;
  const from = to - MINUTES * MINUTE_MS;
  const chunks = (await readLagChunks(call.store, [groupId], new Date(from), now)).get(groupId) ?? [];
  const linesBy = (lineOf: (topic: string, partition: number) => string) =>
    linesOf(chunks, from, to, MINUTE_MS / 1_000, lineOf);
  return {
    lines: linesBy((topic, partition) => `${topic}/${partition}`),
    behindSince: (rateOut: number) =>
      behindSince(linesBy(() => 'all').get('all') ?? [], from, rateOut)?.toISOString() ?? null,
  };
}

/** Partitions of a group: stuck ones first, then by lag. */
async function partitionsOf(
  call: Call,
  group: string,
  rows: LagNow[],
  lines: Map<string, (number | null)[]>,
): Promise<GroupView['partitions']> {
  const isStanding = (row: LagNow) => isStuck(stillSecondsOf(row));
  const found = await messagesAt(call, rows.filter(isStanding).map(positionOf), group);
  return rows
    .toSorted(
      (a, b) =>
        Number(isStanding(b)) - Number(isStanding(a)) ||
        lagOf(b) - lagOf(a) ||
        (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition),
    )
    .map((row, at) => ({
      topic: row.topic,
      partition: row.partition,
      committed: row.committed.toString(),
      end: row.end.toString(),
      lag: lagOf(row),
      behindSeconds: row.behindSeconds,
      rateIn: row.rateIn,
      rateOut: row.rateOut,
      member: row.member,
      host: row.host,
      movedAt: row.movedAt.toISOString(),
      spark: at < MAX_SPARKS ? (lines.get(`${row.topic}/${row.partition}`) ?? []) : [],
      stands: isStanding(row) ? { message: found.get(positionOf(row)) ?? null } : null,
    }));
}

function positionOf(row: LagNow): string {
  return positionText({ ...row, offset: row.committed });
}
