import { positionText } from '@/lib/protocol/position';
import { roleOfTopic } from '@/lib/protocol/topics';
import type { Fact, FactError, MessageDescription, Position } from '@/lib/protocol/fact';
import { outcomeOf, provesCommit, rankOf } from './status';

/** What the facts of one message add up to. Every field is joined by a rule that does not care for order. */
export interface MessageRow {
  id: string;
  description: Partial<MessageDescription>;
  sentAt: string | null;
  committedAt: string | null;
  sendFailedAt: string | null;
  sendFailures: number;
  sendError: Stamped<FactError> | null;
  firstAt: string;
}

/** A value with the fact that reported it. The later fact wins; of two equally late ones, the larger fact id. */
export interface Stamped<T> {
  at: string;
  factId: string;
  value: T;
}

/** The last outcome of a delivery, whole. */
export interface Outcome {
  at: string;
  factId: string;
  attempt: number | null;
  durationMs: number | null;
  service: string | null;
  host: string | null;
  release: string | null;
  nextTryAt: string | null;
  gaveUpTo: string | null;
  gaveUp: boolean;
}

/** What the facts of one message for one group add up to. */
export interface DeliveryRow {
  messageId: string;
  group: string;
  /** See `outcomeOf`. */
  outcome: number;
  detail: Outcome | null;
  /** Number of outcome facts. */
  attempts: number;
  handledCount: number;
  firstAt: string;
  lastAt: string;
  error: Stamped<FactError> | null;
  /** When it failed first; stays when it is handled later. */
  firstErrorAt: string | null;
  overdueAt: string | null;
}

export interface Fold {
  messages: Map<string, MessageRow>;
  deliveries: Map<string, DeliveryRow>;
  /** Distinct positions by message id. */
  positions: Map<string, Position[]>;
}

/** Key of a delivery in `Fold.deliveries`. */
export function deliveryKey(messageId: string, group: string): string {
  return `${messageId} ${group}`;
}

/** `topic/partition/offset`, as people read and type it. */
export function textOfPosition(position: Position): string {
  return positionText(position);
}

/**
 * Folds distinct facts into messages, deliveries and positions. The caller has removed facts whose id was seen before:
 * counts add up only over distinct facts; everything else would come out the same with repetitions.
 * @param fold of other facts, which these are added to
 */
export function foldFacts(
  facts: Iterable<Fact>,
  fold: Fold = { messages: new Map(), deliveries: new Map(), positions: new Map() },
): Fold {
  for (const fact of facts) {
    const message = fold.messages.get(fact.messageId);
    fold.messages.set(fact.messageId, message ? joinMessage(message, messageOf(fact)) : messageOf(fact));
    if (fact.group !== undefined) {
      const key = deliveryKey(fact.messageId, fact.group);
      const delivery = fold.deliveries.get(key);
      const item = deliveryOf(fact, fact.group);
      fold.deliveries.set(key, delivery ? joinDelivery(delivery, item) : item);
    }
    for (const position of positionsOf(fact)) {
      const known = fold.positions.get(fact.messageId);
      if (!known) fold.positions.set(fact.messageId, [position]);
      else if (!known.some((item) => isSamePosition(item, position))) known.push(position);
    }
  }
  return fold;
}

/** Where a fact places its message, each offset written as a number is. */
export function positionsOf(fact: Fact): Position[] {
  const positions = fact.position ? [plain(fact.position)] : [];
  if (fact.gaveUp?.to) positions.push(plain(fact.gaveUp.to));
  return positions;
}

function plain(position: Position): Position {
  return position.offset.startsWith('0')
    ? { ...position, offset: String(BigInt(position.offset)) }
    : position;
}

/** Whether two positions are one. */
export function isSamePosition(a: Position, b: Position): boolean {
  return a.offset === b.offset && a.partition === b.partition && a.topic === b.topic;
}

/** The first of the positions on a message's own topic: its own place. Null where none is there. */
export function ownPosition(topic: string | undefined, positions: readonly Position[]): Position | null {
  let own: Position | null = null;
  for (const position of positions) {
    if (position.topic !== topic || roleOfTopic(position.topic) !== 'message') continue;
    if (own === null || isBefore(position, own)) own = position;
  }
  return own;
}

function isBefore(a: Position, b: Position): boolean {
  if (a.partition !== b.partition) return a.partition < b.partition;
  return a.offset.length === b.offset.length ? a.offset < b.offset : a.offset.length < b.offset.length;
}

/** How many times a message is on its own topic; a dead letter on a topic of a service's own is no copy. */
export function copiesOf(positions: readonly Position[], topic: string | undefined): number {
  return positions.filter((position) => position.topic === topic && roleOfTopic(position.topic) === 'message')
    .length;
}

function messageOf(fact: Fact): MessageRow {
  const failed = fact.kind === 'send_failed';
  // A record on a retry topic proves a commit too, but does not date the first one.
  const original = fact.position !== undefined && roleOfTopic(fact.position.topic) === 'message';
  return {
    id: fact.messageId,
    description: fact.message ?? (original ? { topic: fact.position?.topic } : {}),
    sentAt: fact.message?.sentAt ?? null,
    committedAt: provesCommit(fact) ? fact.at : null,
    sendFailedAt: failed ? fact.at : null,
    sendFailures: failed ? 1 : 0,
    sendError: failed && fact.error ? stamped(fact, fact.error) : null,
    firstAt: fact.at,
  };
}

function deliveryOf(fact: Fact, group: string): DeliveryRow {
  const rank = rankOf(fact.kind);
  return {
    messageId: fact.messageId,
    group,
    outcome: outcomeOf(fact),
    detail:
      rank === 0
        ? null
        : {
            at: fact.at,
            factId: fact.factId,
            attempt: fact.attempt ?? null,
            durationMs: fact.durationMs ?? null,
            service: fact.service ?? null,
            host: fact.host ?? null,
            release: fact.release ?? null,
            nextTryAt: fact.nextTryAt ?? null,
            gaveUpTo: fact.gaveUp?.to ? textOfPosition(fact.gaveUp.to) : null,
            gaveUp: fact.gaveUp !== undefined,
          },
    attempts: rank === 0 ? 0 : 1,
    handledCount: fact.kind === 'handled' ? 1 : 0,
    firstAt: fact.at,
    lastAt: fact.at,
    error: (rank === 1 || rank === 2) && fact.error ? stamped(fact, fact.error) : null,
    firstErrorAt: rank === 1 || rank === 2 ? fact.at : null,
    overdueAt: fact.kind === 'overdue' ? fact.at : null,
  };
}

function stamped<T>(fact: Fact, value: T): Stamped<T> {
  return { at: fact.at, factId: fact.factId, value };
}

/** Joins what two sets of facts add up to for one message. Commutative and associative. */
export function joinMessage(a: MessageRow, b: MessageRow): MessageRow {
  return {
    id: a.id,
    description: joinDescription(a.description, b.description),
    sentAt: least(a.sentAt, b.sentAt),
    committedAt: least(a.committedAt, b.committedAt),
    sendFailedAt: greatest(a.sendFailedAt, b.sendFailedAt),
    sendFailures: a.sendFailures + b.sendFailures,
    sendError: latest(a.sendError, b.sendError),
    firstAt: least(a.firstAt, b.firstAt) ?? a.firstAt,
  };
}

/** Joins what two sets of facts add up to for one delivery. Commutative and associative. */
export function joinDelivery(a: DeliveryRow, b: DeliveryRow): DeliveryRow {
  return {
    messageId: a.messageId,
    group: a.group,
    outcome: Math.max(a.outcome, b.outcome),
    detail:
      a.outcome === b.outcome ? latest(a.detail, b.detail) : a.outcome > b.outcome ? a.detail : b.detail,
    attempts: a.attempts + b.attempts,
    handledCount: a.handledCount + b.handledCount,
    firstAt: least(a.firstAt, b.firstAt) ?? a.firstAt,
    lastAt: greatest(a.lastAt, b.lastAt) ?? a.lastAt,
    error: latest(a.error, b.error),
    firstErrorAt: least(a.firstErrorAt, b.firstErrorAt),
    overdueAt: least(a.overdueAt, b.overdueAt),
  };
}

/** Two senders' words for one message differ only by mistake; the larger text wins so that the order does not matter. */
function joinDescription(
  a: Partial<MessageDescription>,
  b: Partial<MessageDescription>,
): Partial<MessageDescription> {
  const joined: Partial<Record<keyof MessageDescription, string | number>> = { ...a };
  for (const [name, value] of Object.entries(b) as [
    keyof MessageDescription,
    string | number | undefined,
  ][]) {
    const other = joined[name];
    if (value !== undefined && (other === undefined || value > other)) joined[name] = value;
  }
  return joined as Partial<MessageDescription>;
}

function latest<T extends { at: string; factId: string }>(a: T | null, b: T | null): T | null {
  if (a === null || b === null) return a ?? b;
  return a.at > b.at || (a.at === b.at && a.factId >= b.factId) ? a : b;
}

function least(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function greatest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
