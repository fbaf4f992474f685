/** States of a retry's item; `docs/retries.md` explains each. */
export const ITEM_STATES = [
  'SKIPPED',
  'PENDING',
  'SENDING',
  'SENT',
  'SENT_VERIFIED',
  'UNCERTAIN',
  'HELD',
  'WRITTEN',
  'HANDLED',
  'FAILED_AGAIN',
  'PASSED',
  'NO_ANSWER',
  'REFUSED',
] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** States from which an item goes on; in all others it has ended. */
export const ACTIVE: readonly ItemState[] = [
  'PENDING',
  'SENDING',
  'SENT',
  'SENT_VERIFIED',
  'UNCERTAIN',
  'HELD',
];

/** States of an active item that was sent, or may have been: its group may answer. */
export const FOLLOWED: readonly ItemState[] = ['SENT', 'SENT_VERIFIED', 'UNCERTAIN', 'HELD'];

/** Why an item was skipped, refused or is held: a key of the page's words. */
export type ItemReason =
  | 'not_failing'
  | 'being_retried'
  | 'would_overwrite'
  | 'no_body'
  | 'owner_may_not_read'
  | 'too_many_hops'
  | 'broker_refused'
  | 'cannot_scan'
  | 'operator_gone'
  | 'closed_as_sent'
  | 'closed_unanswered';

export interface FollowFigures {
  generation: number;
  /** Outcome number of the delivery, see `outcomeOf`. */
  outcome: number;
  gaveUp: boolean;
  /**
   * Rank of the outcome that the group reported of the very record that was sent, without its generation; 0: none. Services
   * without the SDK do not name the generation, and the place is proof enough.
   */
  ofRecord: number;
  /** Whether the subscriber reported that it will try again by itself. */
  triesAgain: boolean;
  /** Whether the group's position went past the record a while ago. */
  passed: boolean;
  /** Whether it was sent so long ago that no answer is waited for any more. */
  unanswered: boolean;
}

/** What a sent item has come to, from its delivery and the group's position; null while it is on the way. */
export function endOf(
  figures: FollowFigures,
): Extract<ItemState, 'HANDLED' | 'FAILED_AGAIN' | 'PASSED' | 'NO_ANSWER'> | null {
  const isOwn = Math.floor(figures.outcome / 4) >= figures.generation && figures.outcome > 0;
  const rank = isOwn ? figures.outcome % 4 : figures.ofRecord;
  if (rank > 0) {
    if (rank === 3) return 'HANDLED';
    return figures.gaveUp || !figures.triesAgain ? 'FAILED_AGAIN' : null;
  }
  if (figures.passed) return 'PASSED';
  return figures.unanswered ? 'NO_ANSWER' : null;
}

/** Milliseconds until an item that was provably not written is tried again. */
export function againAfter(sends: number): number {
  return Math.min(1_000 * 2 ** Math.max(0, sends - 1), 60_000);
}
