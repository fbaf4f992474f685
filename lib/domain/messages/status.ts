import type { Fact, FactKind } from '@/lib/protocol/fact';

/** The five statuses, in the order in which charts stack them. */
export const STATUSES = ['HANDLED', 'COMMITTED', 'PUSH_FAIL', 'HANDLE_FAIL', 'SEND_FAIL'] as const;
export type Status = (typeof STATUSES)[number];
export type DeliveryStatus = Exclude<Status, 'SEND_FAIL'>;

/** Statuses of a delivery that failed. */
export const FAILING_DELIVERY = ['HANDLE_FAIL', 'PUSH_FAIL'] as const satisfies DeliveryStatus[];

/** Statuses of a message that need a person. */
export const FAILING: readonly Status[] = [...FAILING_DELIVERY, 'SEND_FAIL'];

/** Whether a delivery, or the worst delivery of a message, failed. */
export function isFailing(status: Status): status is (typeof FAILING_DELIVERY)[number] {
  return status === 'HANDLE_FAIL' || status === 'PUSH_FAIL';
}

const RANK: Partial<Record<FactKind, number>> = {
  push_failed: 1,
  handle_failed: 2,
  handled: 3,
  // A handler that chose not to act is done with the message.
  skipped: 3,
};

const STATUS_OF_RANK: readonly DeliveryStatus[] = ['COMMITTED', 'PUSH_FAIL', 'HANDLE_FAIL', 'HANDLED'];

/** Rank of an outcome fact within its generation; 0 for a fact that is no outcome. */
export function rankOf(kind: FactKind): number {
  return RANK[kind] ?? 0;
}

/**
 * The number whose maximum over a delivery's facts is its outcome: generation first, rank second. Facts may therefore
 * arrive in any order and more than once. 0 means no outcome yet.
 */
export function outcomeOf(fact: Pick<Fact, 'kind' | 'generation'>): number {
  const rank = rankOf(fact.kind);
  return rank === 0 ? 0 : (fact.generation ?? 0) * 4 + rank;
}

/** Returns the status that an outcome number encodes. */
export function statusOfOutcome(outcome: number): DeliveryStatus {
  return STATUS_OF_RANK[outcome % 4] ?? 'COMMITTED';
}

/** The generation that an outcome number was reached in. */
export function generationOfOutcome(outcome: number): number {
  return Math.floor(outcome / 4);
}

const WORSE: Record<DeliveryStatus, number> = { HANDLED: 0, COMMITTED: 1, PUSH_FAIL: 2, HANDLE_FAIL: 3 };

/**
 * The status of a message: that of its worst delivery; SEND_FAIL only while nothing proves that the broker has it.
 * @param committed whether any fact proves a commit
 * @param sendFailed whether a send was reported as failed
 */
export function statusOfMessage(
  committed: boolean,
  sendFailed: boolean,
  deliveries: readonly DeliveryStatus[],
): Status {
  if (!committed && sendFailed && deliveries.length === 0) return 'SEND_FAIL';
  let worst: DeliveryStatus | undefined;
  for (const status of deliveries) {
    if (worst === undefined || WORSE[status] > WORSE[worst]) worst = status;
  }
  return worst ?? 'COMMITTED';
}

/** Whether a fact proves that the broker has the message: the broker acknowledged it, or a client read it from there. */
export function provesCommit(fact: Pick<Fact, 'kind' | 'position'>): boolean {
  return fact.kind === 'committed' || (fact.kind !== 'send_failed' && fact.position !== undefined);
}
