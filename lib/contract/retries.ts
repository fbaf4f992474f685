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

/** A target topic of a retry that no group reads now. */
export interface UnreadTarget {
  topic: string;
  since: string | null;
}

/** The newer state that a resend would replace. */
export interface Overwrites {
  /** Whether the topic keeps only the newest record of each key, so that the newer state would be lost. */
  isCompacted: boolean;
  /** Where the newest record of the key is; null where not everything behind the message could be read. */
  position: string | null;
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
  /** Whether all targets are retry topics of the group, so that no other reader sees the messages again. */
  alone: boolean;
  /** Topics on which messages are skipped, since each has a newer record of its key there. */
  overwriting: {
    topic: string;
    isCompacted: boolean;
    count: number;
    /** Some of the messages, with what their sending would replace. */
    some: { messageId: string; key: string | null; position: string | null }[];
  }[];
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

/** What a retry of one message would do. */
export interface RetryPreview {
  at: string;
  unread: UnreadTarget[];
  message: { id: string; type: string | null; key: string | null; topic: string | null };
  /** Where the body is read from; null where there is none. */
  body: { from: 'broker' | 'store'; position: string; size: number } | null;
  items: {
    group: string;
    targetTopic: string;
    /** Whether the target is the group's retry topic, so that no other reader sees the message again. */
    alone: boolean;
    /** Other groups that will see the message again. */
    others: string[];
    /** Why nothing is sent to the group; null where it is. */
    skip:
      | Extract<
          ItemReason,
          'not_failing' | 'being_retried' | 'no_body' | 'owner_may_not_read' | 'would_overwrite'
        >
      | 'too_large'
      | null;
    /** Of `would_overwrite`: the newer state. */
    overwrites: Overwrites | null;
    /** Of `too_large`: bytes of the record as it would be stored, its codec, and most that the topic takes. */
    size: { bytes: number; codec: string; limit: number } | null;
    retriedBy: { operator: string; at: string } | null;
    attempts: number;
  }[];
}

/** Deliveries of one group: messages by id, or all of a failure. */
export type SelectedDeliveries =
  { group: string; messageIds: string[] } | { group: string; failure: { type: string; error: string } };

interface Agreed {
  /** Other groups that will see the messages again, as the preview showed them. Any further group is a conflict. */
  acceptOthers: string[];
  /** Topics on which older records may become the newest of their key. */
  overwrite?: string[];
  /** The time of the records that are sent; absent: that of the send. */
  recordTime?: 'now' | 'kept';
  reason?: string;
}

export interface RetryRequest extends Agreed {
  messageId: string;
  groups: string[];
}

export interface RetryOfManyRequest extends Agreed {
  selected: SelectedDeliveries;
}

/** A retry that was written; a worker sends it. */
export interface AcceptedRetry {
  id: string;
  /** Whether this very request was accepted before; then the other fields are empty. */
  repeated: boolean;
  /** How many deliveries were selected, and of how many a record will be sent. */
  selected: number;
  open: number;
  /** State of each group's item, of a retry of one message. */
  items: Record<string, string>;
}

/** What a person may decide of items of which Courier will not guess whether they were sent. */
export type HeldDecision = 'send_again' | 'close_as_sent';

/** How many items a decision was about. */
export interface DecidedItems {
  items: number;
}

export interface RetryList {
  at: string;
  rows: RetryListRow[];
  /** Cursor of the next page, older; null at the end. */
  next: string | null;
}

export interface RetryItemPage {
  rows: RetryItemRow[];
  next: string | null;
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
  /** The topic and offset at which the search for uncertain items starts, and its first time; null if there are none. */
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
