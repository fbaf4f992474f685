import type { ItemReason, ItemState } from '@/lib/domain/retries/retry';

export interface RetryItemView {
  id: string;
  retryId: string;
  group: string;
  state: ItemState;
  reason: ItemReason | null;
  operator: string;
  why: string | null;
  targetTopic: string;
  sentAt: string | null;
  sentPosition: string | null;
  copies: number;
  generation: number;
  createdAt: string;
  endedAt: string | null;
  reconcileAt: string | null;
  sends: {
    number: number;
    at: string;
    result: string | null;
    detail: string | null;
    possibleDuplicate: boolean;
    from: string;
  }[];
}

/** A topic to which a retry is sent and that nobody reads now. */
export interface UnreadTarget {
  topic: string;
  since: string | null;
}

/** What a retry of many deliveries of one group would do. */
export interface ManyPreview {
  unread: UnreadTarget[];
  at: string;
  group: string;
  selected: number;
  /** How many would be sent. */
  open: number;
  /** Whether more fail than one retry takes. */
  more: boolean;
  targets: string[];
  /** Other groups that will see the messages again. */
  others: string[];
  /** By reason; those that are being retried, by the retry that does it. */
  skipped: {
    reason: ItemReason;
    count: number;
    retry: { id: string; by: string; since: string } | null;
    /** Some of the messages. */
    messageIds: string[];
  }[];
}

export interface RetryListRow {
  id: string;
  operator: string;
  reason: string | null;
  createdAt: string;
  endedAt: string | null;
  groups: string[];
  /** How many items are in each state; they add up to what was selected. */
  states: Partial<Record<ItemState, number>>;
  total: number;
}

export interface RetryView extends RetryListRow {
  at: string;
  targets: string[];
  /** Where uncertain items are looked for, from which offset on, and when first; null where none is. */
  doubt: { topic: string; from: string; at: string } | null;
  /** How many ended without an answer and were not closed by a person. */
  unanswered: number;
  /** Why items were skipped. */
  skipped: { reason: ItemReason; count: number }[];
}

export interface RetryItemRow {
  itemId: string;
  messageId: string;
  group: string;
  state: ItemState;
  reason: ItemReason | null;
  type: string | null;
  key: string | null;
  error: { type: string; message: string } | null;
  host: string | null;
  release: string | null;
  sentAt: string | null;
  sentPosition: string | null;
  endedAt: string | null;
}
