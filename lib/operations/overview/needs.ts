import type { WorkerView } from '@/lib/contract/workers';
import { isBroken } from '@/lib/domain/workers/worker';
import type { FailureRow } from '@/lib/contract/failures';
import type { GroupFigures } from '@/lib/contract/groups';
import type { NeedRow } from '@/lib/contract/overview';
import type { ItemState } from '@/lib/domain/retries/retry';
import { losesSoon, standingOf, type Verdict } from '@/lib/domain/groups/verdict';
import { isNeedKind } from '@/lib/domain/overview/needs';
import type { InstanceTrouble } from '@/lib/store/groups/read-troubles';
import { groupBy } from '@/lib/values/group-by';
import type { NotSent } from '@/lib/store/messages/not-sent';

interface Seen {
  now: Date;
  cluster: string;
  groups: GroupFigures[];
  failures: FailureRow[];
  notSent: NotSent[];
  items: { retryId: string; operator: string; state: ItemState; count: number; since: Date }[];
  workers: Pick<WorkerView, 'worker' | 'state' | 'beatAt' | 'detail'>[];
  /** Groups whose services have sent no heartbeat for a while. */
  silent: { group: string; since: Date }[];
  /** What instances of services report of their consumers. */
  troubles: InstanceTrouble[];
}

/** What needs a person. One cause is one row: groups that are not measured because the sampler fails are not named again. */
export function needsOf(seen: Seen): NeedRow[] {
  const broken = seen.workers.filter((worker) => isBroken(worker.state) && worker.detail.observes);
  const isBlind = broken.length > 0 || seen.workers.length === 0;
  const troubles = troublesOf(seen);
  const isExplained = (group: GroupFigures) =>
    EXPLAINED.has(group.verdict) && troubles.some(({ subject }) => subject === group.name);
  return [
    ...seen.groups.flatMap((group) => (isExplained(group) ? [] : groupNeed(group, seen.now))),
    ...troubles,
    ...seen.notSent.map((item): NeedRow => ({
      kind: 'not_sent',
      subject: item.service ?? '',
      since: item.firstAt.toISOString(),
      notSent: { topic: item.topic, error: item.error, messages: item.messages },
    })),
    ...seen.failures
      .filter((failure) => failure.gaveUp > 0)
      .map((failure): NeedRow => ({
        kind: 'failure',
        subject: failure.group,
        since: failure.firstAt,
        failure,
      })),
    ...heldOf(seen.items),
    ...seen.groups.flatMap((group) => silentNeed(group, seen.silent)),
    ...(isBlind ? [blindNeed(seen.cluster, broken, seen.groups)] : []),
  ];
}

/** Verdicts whose cause a problem of the group's consumers is. */
const EXPLAINED = new Set<Verdict>([
  'no_members',
  'stuck',
  'falling_behind',
  'no_position',
  'not_assigned',
  'stays_behind',
]);

/** Groups whose consumers can't work, each with its oldest problem. A retry topic that can't be read hides no message. */
function troublesOf({ troubles, groups }: Seen): NeedRow[] {
  const met = troubles.flatMap((instance) =>
    instance.problems
      .filter(({ consumer, what }) => consumer === 'main' || what === 'dead_letter')
      .map((problem) => ({ instance, problem })),
  );
  return [...groupBy(met, ({ instance }) => instance.group)].flatMap(([group, list]): NeedRow[] => {
    const [oldest] = list.toSorted((a, b) => (a.problem.since < b.problem.since ? -1 : 1));
    if (!oldest) return [];
    const { problem, instance } = oldest;
    const trouble = {
      ...problem,
      service: instance.service,
      host: instance.host,
      instances: new Set(list.map((item) => item.instance)).size,
      lag: groups.find(({ name }) => name === group)?.lag ?? null,
    };
    return [{ kind: 'consumer_problem', subject: group, since: problem.since, trouble }];
  });
}

/** A group that has members whose services report nothing: it may fail unseen. One without members is named for that. */
function silentNeed(group: GroupFigures, silent: Seen['silent']): NeedRow[] {
  const since = silent.find((item) => item.group === group.name)?.since;
  if (!since || group.members === 0 || group.verdict === 'no_data') return [];
  return [{ kind: 'silent', subject: group.name, since: since.toISOString() }];
}

/** A group that needs attention: for its losses, for its verdict, or for both. */
function groupNeed(group: GroupFigures, now: Date): NeedRow[] {
  if (group.standing !== 'needs_a_look') return [];
  const { name: subject, verdict, losses } = group;
  const needs: NeedRow[] = [];
  const oldest = losses.at(-1);
  if (oldest) needs.push({ kind: 'lost_data', subject, since: oldest.at, group });
  // One cause is one row: what makes it lose data is named there as well.
  if (losesSoon(group.risk?.soonest?.presentSeconds ?? null))
    return [
      ...needs,
      { kind: 'loses_data', subject, since: group.since, isAtLeast: group.sinceIsAtLeast, group },
    ];
  const isExpected = group.expected?.isNow ?? false;
  const sinceMs = Date.parse(group.since);
  const own = standingOf({ verdict, sinceMs, isExpected, losses: 0, losesInSeconds: null }, now.getTime());
  if (own === 'needs_a_look' && isNeedKind(verdict))
    needs.push({ kind: verdict, subject, since: group.since, isAtLeast: group.sinceIsAtLeast, group });
  return needs;
}

/** Retries with items that only a person can decide. */
function heldOf(items: Seen['items']): NeedRow[] {
  return items
    .filter((item) => item.state === 'HELD')
    .map((item): NeedRow => ({
      kind: 'retry',
      subject: item.operator,
      since: item.since.toISOString(),
      retry: { id: item.retryId, held: item.count },
    }));
}

function blindNeed(cluster: string, broken: Seen['workers'], groups: GroupFigures[]): NeedRow {
  const isAway = broken.length > 0 && broken.every(({ detail }) => detail.code === 'broker_unreachable');
  const since = broken.map(({ beatAt, detail }) => detail.since ?? beatAt);
  const error = broken.map((worker) => worker.detail.error).find((item) => item !== undefined) ?? null;
  return {
    kind: 'blind',
    subject: isAway ? cluster : 'Courier',
    since: since.sort().at(0) ?? null,
    blind: {
      cluster: isAway ? cluster : null,
      workers: broken.map((worker) => worker.worker),
      error: error,
      groups: groups.filter((group) => group.verdict === 'no_data').length,
    },
  };
}
