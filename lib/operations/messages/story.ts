import { readStateOf } from '@/lib/domain/messages/read-past';
import { sentPositionOf } from '@/lib/domain/retries/sent-position';
import type { Ability } from '@/lib/domain/operators/permissions';
import { mayDo, rolesWith } from '@/lib/domain/operators/permissions';
import { parsePosition, positionText } from '@/lib/protocol/position';
import { ACTIVE } from '@/lib/domain/retries/retry';
import { generationOfOutcome, isFailing, rankOf } from '@/lib/domain/messages/status';
import type { RetryItemView } from '@/lib/contract/retries';
import type { Attempt, DeliveryView, MessageStory, StatusDetail } from '@/lib/contract/messages';
import { textOfPosition } from '@/lib/domain/messages/fold';
import {
  clocksAhead,
  whereIsIt,
  type WhereDelivery,
  type WhereGroup,
  type HandledTry,
} from '@/lib/domain/messages/where-is-it';
import { roleOfTopic, type TopicRole } from '@/lib/protocol/topics';
import type { PassedAt } from '@/lib/domain/messages/passed-at';
import type { Position } from '@/lib/protocol/fact';
import type { Reader } from '@/lib/store/lag/read-readers';
import type { StoredDelivery } from '@/lib/store/messages/read-deliveries';
import { MAX_FACTS, type StoredFact } from '@/lib/store/messages/read-facts';
import type { StoredMessage } from '@/lib/store/messages/read-message';
import type { AskedItem, SendAttempt } from '@/lib/store/retries/items';
import type { Actor } from '@/lib/context/context';

export interface StoryParts {
  at: Date;
  actor: Actor;
  message: StoredMessage;
  deliveries: StoredDelivery[];
  facts: StoredFact[];
  /** As `topic/partition/offset`, the message's own place first. */
  positions: string[];
  items: (AskedItem & { operator: string; why: string | null })[];
  sends: SendAttempt[];
  readers: Reader[];
  /** When groups that report nothing read past it; by name. Absent: unknown. */
  passed?: ReadonlyMap<string, PassedAt>;
  /** Groups with an unfinished delivery and without a heartbeat since then. */
  silent: { group: string; since: Date }[];
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** Builds the story of a message from its stored parts. */
export function storyOf(parts: StoryParts): MessageStory {
  const { message, facts } = parts;
  const attempts = facts.flatMap(attemptOf);
  const committed = facts.find(({ fact }) => fact.kind === 'committed')?.fact;
  const places = withRoles(parts);
  const positions = places.flatMap(({ text, role }) => (role === 'message' ? [text] : []));
  const failing = parts.deliveries.filter((delivery) => isFailing(delivery.status));
  const worst = failing[0] ?? parts.deliveries.find((delivery) => delivery.status === 'COMMITTED');
  const groups = whereGroups(originalPositions(positions, message.topic), parts.readers, parts.passed);
  const readers = groups.flatMap(({ group, ahead }) => (ahead === null ? [] : [{ group, ahead }]));
  return {
    at: parts.at.toISOString(),
    id: message.id,
    status: message.status,
    detail: worst
      ? detailOf(worst, parts.items)
      : message.status === 'COMMITTED'
        ? readStateOf(readers)
        : null,
    topic: message.topic,
    type: message.type,
    version: message.version,
    service: message.service,
    release: committed?.release ?? null,
    kind: message.kind,
    key: message.key,
    size: message.size,
    sentAt: iso(message.sentAt),
    committedAt: iso(message.committedAt),
    copies: message.copies,
    where: whereIsIt({
      service: message.service,
      type: message.type,
      topic: message.topic,
      sentAt: iso(message.sentAt ?? message.committedAt),
      committedAt: iso(message.committedAt),
      afterMs: committed?.durationMs ?? null,
      positions: originalPositions(positions),
      sendFailures: message.sendFailures,
      sendFailedAt: iso(message.sendFailedAt),
      sendError: errorOf(message.sendErrorType, message.sendErrorMessage),
      held: facts.some(({ fact }) => fact.kind === 'send_failed' && fact.held === true),
      mayBeStored: facts.some(({ fact }) => fact.kind === 'send_failed' && fact.mayBeStored === true),
      deliveries: parts.deliveries.map((delivery) => whereDelivery(delivery, parts.items, facts)),
      groups,
      clocks: clocksAhead(
        facts.map(({ fact, receivedAt }) => ({
          host: fact.host,
          at: fact.at,
          receivedAt: receivedAt.toISOString(),
        })),
      ),
    }),
    silent: parts.silent.map(({ group, since }) => ({ group, since: since.toISOString() })),
    deliveries: parts.deliveries.map((delivery) => deliveryView(delivery, parts.items)),
    attempts,
    positions: places,
    facts: facts.map((item) => ({
      fact: item.fact,
      source: item.source,
      receivedAt: item.receivedAt.toISOString(),
    })),
    traceId: message.traceId,
    factsCut: facts.length === MAX_FACTS,
    retries: parts.items.map((item) => itemView(item, parts.sends)),
    can: { retry: retryAbility(parts.actor, failing, parts.items) },
  };
}

const ROLES: TopicRole[] = ['message', 'retry', 'dead_letter', 'facts', 'internal'];

/**
 * Places of a message with what each is: what a service names in `gaveUp.to` is a dead letter on a topic of any name. The
 * place on the message's own topic comes first.
 */
function withRoles({
  positions,
  facts,
  deliveries,
  message,
}: StoryParts): { text: string; role: TopicRole }[] {
  const deadLetters = new Set([
    ...facts.flatMap(({ fact }) => (fact.gaveUp?.to ? [textOfPosition(fact.gaveUp.to)] : [])),
    ...deliveries.flatMap(({ gaveUpTo }) => gaveUpTo ?? []),
  ]);
  const topicOf = (text: string) => parsePosition(text)?.topic ?? '';
  const roleOf = (text: string) => (deadLetters.has(text) ? 'dead_letter' : roleOfTopic(topicOf(text)));
  const isElsewhere = (text: string) => Number(topicOf(text) !== message.topic);
  return positions
    .map((text) => ({ text, role: roleOf(text) }))
    .sort(
      (a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || isElsewhere(a.text) - isElsewhere(b.text),
    );
}

/** The second half of a delivery's status. */
export function detailOf(delivery: StoredDelivery, items: AskedItem[]): StatusDetail | null {
  const running = items.find((item) => item.groupId === delivery.groupId && ACTIVE.includes(item.state));
  if (delivery.status === 'COMMITTED')
    return delivery.overdueAt ? { kind: 'overdue', since: delivery.overdueAt.toISOString() } : null;
  if (delivery.status === 'HANDLED') return null;
  if (running) return { kind: 'retrying', state: running.state };
  if (delivery.nextTryAt) return { kind: 'next_try', at: delivery.nextTryAt.toISOString() };
  return delivery.gaveUp
    ? { kind: 'gave_up', to: parsePosition(delivery.gaveUpTo ?? '')?.topic ?? null }
    : null;
}

export function errorOf(
  type: string | null,
  message: string | null,
): { type: string; message: string } | null {
  return type === null ? null : { type, message: message ?? '' };
}

/** Positions of a message on topics of services, without retry and dead-letter topics. @param topic only on this one */
export function originalPositions(positions: string[], topic?: string | null) {
  return positions.flatMap((text) => {
    const position = parsePosition(text);
    if (!position || roleOfTopic(position.topic) !== 'message') return [];
    if (topic !== undefined && position.topic !== topic) return [];
    return [{ topic: position.topic, partition: position.partition, offset: position.offset.toString() }];
  });
}

const ATTEMPT_KINDS = new Set([
  'committed',
  'send_failed',
  'started',
  'handled',
  'handle_failed',
  'push_failed',
  'skipped',
]);

function attemptOf({ fact }: StoredFact): Attempt[] {
  if (!ATTEMPT_KINDS.has(fact.kind)) return [];
  const startedAt = fact.startedAt ?? fact.at;
  const endedAt =
    fact.kind === 'started'
      ? fact.at
      : new Date(Date.parse(startedAt) + (fact.durationMs ?? 0)).toISOString();
  return [
    {
      factId: fact.factId,
      group: fact.group ?? null,
      kind: fact.kind,
      number: fact.attempt ?? null,
      generation: fact.generation ?? 0,
      startedAt,
      endedAt,
      durationMs: fact.durationMs ?? null,
      host: fact.host ?? null,
      release: fact.release ?? null,
      member: fact.member ?? null,
      error: fact.error ?? null,
      nextTryAt: fact.nextTryAt ?? null,
      gaveUp: fact.gaveUp ?? null,
      position: fact.position ?? null,
      retryId: fact.retryId ?? null,
    },
  ];
}

/** The generation of the record at a place: that of the retry that sent it, whether or not the service named it. */
function generationAt(position: Position | undefined, items: readonly AskedItem[]): number {
  const place = position && textOfPosition(position);
  return items.find((item) => place !== undefined && sentPositionOf(item) === place)?.generation ?? 0;
}

function whereDelivery(delivery: StoredDelivery, items: AskedItem[], facts: StoredFact[]): WhereDelivery {
  const own = facts.map(({ fact }) => fact).filter((fact) => fact.group === delivery.group);
  const started = own.filter((fact) => fact.kind === 'started').at(-1);
  const ended = own.some((fact) => fact.startedAt === started?.startedAt && fact.kind !== 'started');
  const handled = own
    .filter((fact) => fact.kind === 'handled')
    .map((fact) => ({
      at: fact.at,
      host: fact.host ?? null,
      member: fact.member ?? null,
      position: fact.position ? textOfPosition(fact.position) : null,
      generation: fact.generation ?? generationAt(fact.position, items),
    }));
  return {
    group: delivery.group,
    status: delivery.status,
    attempts: delivery.attempts,
    handled,
    failures: own.filter(({ kind }) => kind === 'handle_failed' || kind === 'push_failed').length,
    rescuedBy: rescuingRetry(delivery, handled, items),
    lastAt: (delivery.errorAt ?? delivery.lastAt).toISOString(),
    error: errorOf(delivery.errorType, delivery.errorMessage),
    host: delivery.host,
    release: delivery.release,
    nextTryAt: iso(delivery.nextTryAt),
    gaveUp: delivery.gaveUp,
    gaveUpTo: delivery.gaveUpTo,
    durationMs: delivery.durationMs,
    attempt: delivery.attempt,
    // Facts that are no outcomes, as that the delivery was expected, may be of a later time.
    skipped: own.findLast((fact) => rankOf(fact.kind) > 0)?.kind === 'skipped',
    overdueAt: iso(delivery.overdueAt),
    retry:
      items.find((item) => item.groupId === delivery.groupId && ACTIVE.includes(item.state))?.state ?? null,
    running: started && !ended ? (started.attempt ?? 1) : null,
  };
}

/** The retry whose record was handled; null: it was a record of no retry. */
function rescuingRetry(
  delivery: StoredDelivery,
  handled: readonly HandledTry[],
  items: AskedItem[],
): WhereDelivery['rescuedBy'] {
  const generation = Math.max(0, ...handled.map((attempt) => attempt.generation));
  const item =
    generation > 0 &&
    items.find((entry) => entry.groupId === delivery.groupId && entry.generation === generation);
  return item ? { id: item.retryId, by: item.operator, at: item.createdAt.toISOString() } : null;
}

/** The distance of each group's position from the message; of several copies, the largest. */
function whereGroups(
  positions: { topic: string; partition: number; offset: string }[],
  readers: Reader[],
  passed: ReadonlyMap<string, PassedAt> = new Map(),
): WhereGroup[] {
  const found = new Map<string, WhereGroup>();
  for (const row of readers) {
    const position = positions.find(
      (position) => position.topic === row.topic && position.partition === row.partition,
    );
    if (!position) continue;
    const past = row.committed > BigInt(position.offset);
    const ahead = past ? -1 : Number(BigInt(position.offset) - row.committed);
    const known = found.get(row.group);
    if (known && (known.ahead ?? -1) >= ahead) continue;
    found.set(row.group, {
      group: row.group,
      ahead,
      partition: row.partition,
      members: row.members,
      noMembersSince: iso(row.noMembersSince),
      rateOut: row.rateOut,
      reports: row.reports,
      passed: past ? passedView(passed.get(row.group)) : null,
      subscription: row.subscribedSince && {
        since: row.subscribedSince.toISOString(),
        types: row.types,
      },
    });
  }
  return [...found.values()];
}

/** A time between two measurements, as text. */
function passedView(passed: PassedAt | undefined): WhereGroup['passed'] {
  return passed
    ? { at: new Date(passed.at).toISOString(), withinSeconds: Math.round(passed.withinMs / 1_000) }
    : null;
}

function deliveryView(delivery: StoredDelivery, items: AskedItem[]): DeliveryView {
  return {
    group: delivery.group,
    status: delivery.status,
    detail: detailOf(delivery, items),
    attempts: delivery.attempts,
    handledCount: delivery.handledCount,
    lastAt: delivery.lastAt.toISOString(),
    error: errorOf(delivery.errorType, delivery.errorMessage),
    host: delivery.host,
    release: delivery.release,
    generation: generationOfOutcome(delivery.outcome),
  };
}

/** One item of a retry with its sends, as the page shows it. */
export function itemView(item: AskedItem, sends: SendAttempt[]): RetryItemView {
  return {
    id: item.id,
    retryId: item.retryId,
    group: item.group,
    state: item.state,
    reason: item.reason,
    operator: item.operator,
    why: item.why,
    targetTopic: item.targetTopic,
    sentAt: iso(item.sentAt),
    sentPosition: sentPositionOf(item),
    copies: item.copies,
    generation: item.generation,
    createdAt: item.createdAt.toISOString(),
    endedAt: iso(item.endedAt),
    reconcileAt: iso(item.reconcileAt),
    sends: sends
      .filter((send) => send.itemId === item.id)
      .map((send) => ({
        number: send.number,
        at: send.startedAt.toISOString(),
        result: send.result,
        detail: send.detail,
        possibleDuplicate: send.possibleDuplicate,
        from: positionText({
          topic: send.targetTopic,
          partition: send.targetPartition,
          offset: send.endOffset,
        }),
      })),
  };
}

function retryAbility(
  actor: Actor,
  failing: StoredDelivery[],
  items: AskedItem[],
): Ability & { groups: string[] } {
  const who = rolesWith('retries.create');
  const open = failing.filter(
    (entry) => !items.some((item) => item.groupId === entry.groupId && ACTIVE.includes(item.state)),
  );
  const groups = open.map((item) => item.group);
  if (!mayDo(actor.role, 'retries.create')) return { allowed: false, why: 'not_permitted', who, groups };
  if (failing.length === 0) return { allowed: false, why: 'not_failing', who, groups };
  if (open.length === 0) return { allowed: false, why: 'already_retrying', who, groups };
  return { allowed: true, why: null, who, groups };
}
