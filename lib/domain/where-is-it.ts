import type { DeliveryStatus } from './status';

/** One sentence of *Where is it?*, as figures; the page has the words. */
export type WhereRow =
  | {
      kind: 'failing';
      group: string;
      status: 'HANDLE_FAIL' | 'PUSH_FAIL';
      attempts: number;
      lastAt: string;
      error: { type: string; message: string } | null;
      host: string | null;
      release: string | null;
      next: Next;
      since: string | null;
    }
  | {
      kind: 'not_sent';
      service: string | null;
      attempts: number;
      lastAt: string;
      error: { type: string; message: string } | null;
      held: boolean;
      /** Topic where it may stand all the same, since an answer of the broker is missing; null where it surely does not. */
      perhapsOn: string | null;
    }
  | { kind: 'overdue'; group: string; since: string; ahead: number | null }
  | {
      kind: 'no_members';
      group: string;
      since: string | null;
      ahead: number | null;
      partition: number | null;
    }
  | { kind: 'waiting'; group: string; ahead: number; seconds: number | null }
  | { kind: 'unreported'; group: string }
  | { kind: 'unknown'; group: string }
  | { kind: 'retrying'; group: string; attempt: number }
  | { kind: 'handled_twice'; group: string; times: string[] }
  | {
      kind: 'handled';
      groups: { group: string; durationMs: number | null; attempt: number | null; skipped: boolean }[];
      more: number;
    }
  | { kind: 'read_past'; group: string }
  | {
      kind: 'sent';
      service: string | null;
      at: string | null;
      topic: string | null;
      positions: { partition: number; offset: string }[];
      afterMs: number | null;
    };

/** What comes next after a failure. */
export type Next =
  | { kind: 'next_try'; at: string }
  | { kind: 'gave_up'; to: string | null }
  | { kind: 'retry'; state: string }
  | { kind: 'nobody' };

export interface WhereDelivery {
  group: string;
  status: DeliveryStatus;
  attempts: number;
  handledTimes: string[];
  lastAt: string;
  error: { type: string; message: string } | null;
  host: string | null;
  release: string | null;
  nextTryAt: string | null;
  gaveUp: boolean;
  gaveUpTo: string | null;
  durationMs: number | null;
  attempt: number | null;
  skipped: boolean;
  overdueAt: string | null;
  /** State of a retry on its way. */
  retry: string | null;
  /** A handler that runs now, by the number of its try. */
  running: number | null;
}

export interface WhereGroup {
  group: string;
  /** Records between the group's position and the message; null while not known; negative when it is past. */
  ahead: number | null;
  partition: number | null;
  members: number | null;
  noMembersSince: string | null;
  rateOut: number | null;
  reports: boolean;
}

export interface WhereInput {
  service: string | null;
  topic: string | null;
  sentAt: string | null;
  committedAt: string | null;
  afterMs: number | null;
  positions: { partition: number; offset: string }[];
  sendFailures: number;
  sendFailedAt: string | null;
  sendError: { type: string; message: string } | null;
  held: boolean;
  /** The answer to one of the sends is missing. */
  mayBeStored: boolean;
  deliveries: WhereDelivery[];
  groups: WhereGroup[];
}

const ORDER: WhereRow['kind'][] = [
  'failing',
  'not_sent',
  'overdue',
  'no_members',
  'retrying',
  'waiting',
  'unreported',
  'unknown',
  'handled_twice',
  'handled',
  'read_past',
  'sent',
];
const MOST_NAMES = 5;

/** Says where a message is, in order of trouble: failing, not sent, overdue, waiting, unknown, handled; the sender last. */
export function whereIsIt(input: WhereInput): WhereRow[] {
  const groups = new Map(input.groups.map((group) => [group.group, group]));
  const rows: WhereRow[] = input.deliveries.flatMap((delivery) =>
    rowOf(delivery, groups.get(delivery.group)),
  );
  const done = input.deliveries.filter(
    (delivery) => delivery.status === 'HANDLED' && delivery.handledTimes.length <= 1,
  );
  if (done.length > 0) {
    const list = done.map(({ group, durationMs, attempt, skipped }) => ({
      group,
      durationMs,
      attempt,
      skipped,
    }));
    rows.push({
      kind: 'handled',
      groups: list.slice(0, MOST_NAMES),
      more: Math.max(0, list.length - MOST_NAMES),
    });
  }
  for (const group of input.groups) {
    if (input.deliveries.some((delivery) => delivery.group === group.group)) continue;
    const row = positionRow(group);
    if (row) rows.push(row);
  }
  if (input.committedAt === null && input.sendFailures > 0 && input.deliveries.length === 0) {
    rows.push({
      kind: 'not_sent',
      service: input.service,
      attempts: input.sendFailures,
      lastAt: input.sendFailedAt ?? '',
      error: input.sendError,
      held: input.held,
      perhapsOn: input.mayBeStored ? input.topic : null,
    });
  } else {
    rows.push({
      kind: 'sent',
      service: input.service,
      at: input.sentAt,
      topic: input.topic,
      positions: input.positions,
      afterMs: input.afterMs,
    });
  }
  return rows.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function rowOf(delivery: WhereDelivery, group: WhereGroup | undefined): WhereRow[] {
  const { group: name, status } = delivery;
  if (status === 'HANDLE_FAIL' || status === 'PUSH_FAIL') {
    const { attempts, lastAt, error, host, release } = delivery;
    return [
      {
        kind: 'failing',
        group: name,
        status,
        attempts,
        lastAt,
        error,
        host,
        release,
        next: nextOf(delivery),
        since: null,
      },
    ];
  }
  if (status === 'HANDLED') {
    return delivery.handledTimes.length > 1
      ? [{ kind: 'handled_twice', group: name, times: delivery.handledTimes }]
      : [];
  }
  const ahead = group?.ahead ?? null;
  if (delivery.running !== null) return [{ kind: 'retrying', group: name, attempt: delivery.running }];
  if (group?.members === 0) {
    return [
      { kind: 'no_members', group: name, since: group.noMembersSince, ahead, partition: group.partition },
    ];
  }
  if (delivery.overdueAt !== null)
    return [{ kind: 'overdue', group: name, since: delivery.overdueAt, ahead }];
  if (ahead === null) return [{ kind: 'unknown', group: name }];
  if (ahead < 0) return [{ kind: 'unreported', group: name }];
  return [{ kind: 'waiting', group: name, ahead, seconds: secondsFor(ahead, group?.rateOut ?? null) }];
}

function nextOf(delivery: WhereDelivery): Next {
  if (delivery.retry !== null) return { kind: 'retry', state: delivery.retry };
  if (delivery.nextTryAt !== null) return { kind: 'next_try', at: delivery.nextTryAt };
  return delivery.gaveUp ? { kind: 'gave_up', to: delivery.gaveUpTo } : { kind: 'nobody' };
}

/** A group that reports nothing is spoken of from its position alone. */
function positionRow(group: WhereGroup): WhereRow | null {
  if (group.ahead === null) return null;
  if (group.ahead < 0) return { kind: 'read_past', group: group.group };
  if (group.members === 0)
    return {
      kind: 'no_members',
      group: group.group,
      since: group.noMembersSince,
      ahead: group.ahead,
      partition: group.partition,
    };
  return {
    kind: 'waiting',
    group: group.group,
    ahead: group.ahead,
    seconds: secondsFor(group.ahead, group.rateOut),
  };
}

function secondsFor(ahead: number, rateOut: number | null): number | null {
  return rateOut !== null && rateOut > 0 ? ahead / rateOut : null;
}
