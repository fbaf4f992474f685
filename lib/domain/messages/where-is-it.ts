import { isFailing, type DeliveryStatus } from './status';
import { takesType } from '@/lib/protocol/subscription';

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
      /** Topic on which it may be stored, because a broker's answer is missing; null if it is certainly not stored. */
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
  | { kind: 'handled_twice'; group: string; tries: HandledTry[]; cause: TwiceCause }
  | { kind: 'clock'; host: string; seconds: number }
  | { kind: 'not_subscribed'; group: string; types: string[] }
  | { kind: 'began_after'; group: string; since: string }
  | {
      kind: 'handled';
      groups: { group: string; durationMs: number | null; attempt: number | null; skipped: boolean }[];
      more: number;
    }
  | {
      kind: 'rescued';
      group: string;
      /** Attempts that failed before. */
      failures: number;
      at: string;
      /** The retry that it was handled by; null: a later attempt of its own. */
      retry: RescuingRetry | null;
    }
  | { kind: 'read_past'; group: string; passed: { at: string; withinSeconds: number } | null }
  | {
      kind: 'sent';
      service: string | null;
      at: string | null;
      positions: { topic: string; partition: number; offset: string }[];
      afterMs: number | null;
    };

/** A retry of a person that a delivery was handled by. */
export interface RescuingRetry {
  id: string;
  by: string;
  at: string;
}

/** One of several times that a delivery was handled: by whom, and which record. */
export interface HandledTry {
  at: string;
  host: string | null;
  member: string | null;
  /** `topic/partition/offset` */
  position: string | null;
  generation: number;
}

/**
 * Why a delivery was handled more than once: a person retried it, it was published more than once, the same record was
 * read again by another member or by the same one, or the cause is unknown.
 */
export type TwiceCause = 'retry' | 'copies' | 'another_member' | 'same_member' | 'unknown';

/** The next step after a failure. */
export type Next =
  | { kind: 'next_try'; at: string }
  | { kind: 'gave_up'; to: string | null }
  | { kind: 'retry'; state: string }
  | { kind: 'nobody' };

export interface WhereDelivery {
  group: string;
  status: DeliveryStatus;
  attempts: number;
  handled: HandledTry[];
  /** Attempts that failed. */
  failures: number;
  /** The retry that it was handled by; null: none was. */
  rescuedBy: RescuingRetry | null;
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
  /** When its position was seen to pass the message, at the latest; null: it did not, or that was not seen. */
  passed: { at: string; withinSeconds: number } | null;
  /** Its subscription to the topic, if its services report one; null types mean all. */
  subscription: { since: string; types: string[] | null } | null;
}

export interface WhereInput {
  service: string | null;
  type: string | null;
  topic: string | null;
  sentAt: string | null;
  committedAt: string | null;
  afterMs: number | null;
  positions: { topic: string; partition: number; offset: string }[];
  sendFailures: number;
  sendFailedAt: string | null;
  sendError: { type: string; message: string } | null;
  held: boolean;
  /** The answer to one of the sends is missing. */
  mayBeStored: boolean;
  deliveries: WhereDelivery[];
  groups: WhereGroup[];
  /** Hosts whose facts are of a later time than the one at which they came, by how many seconds. */
  clocks: { host: string; seconds: number }[];
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
  'clock',
  'handled_twice',
  'rescued',
  'handled',
  'not_subscribed',
  'began_after',
  'read_past',
  'sent',
];
const MAX_NAMES = 5;

/** Lists where a message is, in order of trouble: failing, not sent, overdue, waiting, unknown, handled; the sender last. */
export function whereIsIt(input: WhereInput): WhereRow[] {
  const groups = new Map(input.groups.map((group) => [group.group, group]));
  const rows: WhereRow[] = input.deliveries.flatMap((delivery) =>
    rowOf(delivery, groups.get(delivery.group)),
  );
  const done = input.deliveries.filter(
    (delivery) => delivery.status === 'HANDLED' && delivery.handled.length <= 1 && !isRescued(delivery),
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
      groups: list.slice(0, MAX_NAMES),
      more: Math.max(0, list.length - MAX_NAMES),
    });
  }
  for (const group of input.groups) {
    if (input.deliveries.some((delivery) => delivery.group === group.group)) continue;
    const row = positionRow(group, input);
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
      positions: input.positions,
      afterMs: input.afterMs,
    });
  }
  rows.push(...input.clocks.map(({ host, seconds }): WhereRow => ({ kind: 'clock', host, seconds })));
  return rows.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function rowOf(delivery: WhereDelivery, group: WhereGroup | undefined): WhereRow[] {
  const { group: name, status } = delivery;
  if (isFailing(status)) {
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
    const { handled: tries, failures, rescuedBy: retry } = delivery;
    const [once] = tries;
    if (once && isRescued(delivery)) return [{ kind: 'rescued', group: name, failures, at: once.at, retry }];
    return tries.length > 1 ? [{ kind: 'handled_twice', group: name, tries, cause: causeOf(tries) }] : [];
  }
  const ahead = group?.ahead ?? null;
  // A record behind the group's position does not wait for a member.
  if (ahead !== null && ahead < 0 && delivery.running === null) return [{ kind: 'unreported', group: name }];
  // A process that ended in its handler reports nothing more: without members, no handler runs.
  if (group?.members === 0) {
    return [
      { kind: 'no_members', group: name, since: group.noMembersSince, ahead, partition: group.partition },
    ];
  }
  if (delivery.running !== null) return [{ kind: 'retrying', group: name, attempt: delivery.running }];
  if (delivery.overdueAt !== null)
    return [{ kind: 'overdue', group: name, since: delivery.overdueAt, ahead }];
  if (ahead === null) return [{ kind: 'unknown', group: name }];
  return [{ kind: 'waiting', group: name, ahead, seconds: secondsFor(ahead, group?.rateOut ?? null) }];
}

/** Whether a delivery failed before it was handled. One that an operator skipped was not handled at all. */
function isRescued({ failures, handled, skipped }: WhereDelivery): boolean {
  return failures > 0 && handled.length === 1 && !skipped;
}

function nextOf(delivery: WhereDelivery): Next {
  if (delivery.retry !== null) return { kind: 'retry', state: delivery.retry };
  if (delivery.nextTryAt !== null) return { kind: 'next_try', at: delivery.nextTryAt };
  return delivery.gaveUp ? { kind: 'gave_up', to: delivery.gaveUpTo } : { kind: 'nobody' };
}

function causeOf(tries: HandledTry[]): TwiceCause {
  const several = (of: (item: HandledTry) => unknown) => new Set(tries.map(of)).size > 1;
  if (several((item) => item.generation)) return 'retry';
  if (tries.some((attempt) => attempt.position === null)) return 'unknown';
  if (several((item) => item.position)) return 'copies';
  if (tries.some((attempt) => attempt.member === null)) return 'unknown';
  return several((item) => item.member) ? 'another_member' : 'same_member';
}

/** A group without a delivery is spoken of from what it takes, and from its position. */
function positionRow(group: WhereGroup, message: WhereInput): WhereRow | null {
  const { subscription } = group;
  if (group.reports && subscription) {
    const { types, since } = subscription;
    if (types !== null && !takesType(types, message.type))
      return { kind: 'not_subscribed', group: group.group, types };
    const madeAt = message.sentAt ?? message.committedAt;
    if (group.ahead !== null && group.ahead < 0 && madeAt !== null && since > madeAt)
      return { kind: 'began_after', group: group.group, since };
  }
  if (group.ahead === null) return null;
  if (group.ahead < 0) return { kind: 'read_past', group: group.group, passed: group.passed };
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

/** Clocks that differ by less are as good as clocks are. */
const MIN_SECONDS = 5;

/**
 * Hosts whose clocks are ahead, by at least so many seconds: a fact can't come before it was made.
 * @param facts with the time that their host gave, and the time of Courier's own clock at which they came
 */
export function clocksAhead(
  facts: { host: string | undefined; at: string; receivedAt: string }[],
): WhereInput['clocks'] {
  const ahead = new Map<string, number>();
  for (const { host, at, receivedAt } of facts) {
    const seconds = (Date.parse(at) - Date.parse(receivedAt)) / 1000;
    if (host !== undefined && seconds >= Math.max(MIN_SECONDS, ahead.get(host) ?? 0))
      ahead.set(host, seconds);
  }
  return [...ahead].map(([host, seconds]) => ({ host, seconds })).sort((a, b) => b.seconds - a.seconds);
}
