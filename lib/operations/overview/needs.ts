import type { FailureRow } from '@/lib/domain/failure-views';
import type { GroupListRow } from '@/lib/domain/group-views';
import type { NeedRow } from '@/lib/domain/overview-views';
import type { ItemState } from '@/lib/domain/retry';
import type { NotSent } from '@/lib/store/messages/not-sent';

interface Seen {
  groups: GroupListRow[];
  failures: FailureRow[];
  notSent: NotSent[];
  items: { retryId: string; operator: string; state: ItemState; count: number; since: Date }[];
  workers: { worker: string; state: string; beatAt: string; detail: Record<string, unknown> }[];
}

const BROKEN: readonly string[] = ['failing', 'silent', 'stopped'];

/** What needs a person. One cause is one row: groups that are not measured because the sampler fails are not named again. */
export function needsOf(seen: Seen): NeedRow[] {
  const broken = seen.workers.filter((worker) => BROKEN.includes(worker.state));
  const isBlind = broken.length > 0 || seen.workers.length === 0;
  return [
    ...seen.groups.flatMap((group) => groupNeed(group, isBlind)),
    ...seen.notSent.map((one): NeedRow => ({
      kind: 'not_sent',
      subject: one.service ?? '',
      since: one.firstAt.toISOString(),
      notSent: { topic: one.topic, error: one.error, messages: one.messages },
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
    ...(isBlind ? [blindNeed(broken, seen.groups)] : []),
  ];
}

function groupNeed(group: GroupListRow, isBlind: boolean): NeedRow[] {
  const kind = group.verdict;
  if (kind === 'keeping_up' || kind === 'idle' || kind === 'catching_up') return [];
  if (kind === 'no_data' && isBlind) return [];
  const since =
    kind === 'no_members'
      ? group.noMembersSince
      : kind === 'stuck'
        ? (group.worst?.movedAt ?? null)
        : kind === 'no_data'
          ? group.sampledAt
          : null;
  return [{ kind, subject: group.name, since, group }];
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

function blindNeed(broken: Seen['workers'], groups: GroupListRow[]): NeedRow {
  const [first] = broken;
  const error = broken.map((worker) => worker.detail.error).find((one) => typeof one === 'string') ?? null;
  return {
    kind: 'blind',
    subject: 'Courier',
    since: first?.beatAt ?? null,
    blind: {
      workers: broken.map((worker) => worker.worker),
      error: error,
      groups: groups.filter((group) => group.verdict === 'no_data').length,
    },
  };
}
