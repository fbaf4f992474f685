import type { Pool } from 'pg';
import type { HeldDecision } from '@/lib/contract/retries';
import { ACTIVE, FOLLOWED, type ItemReason, type ItemState } from '@/lib/domain/retries/retry';
import { RETRY_GROUP_SUFFIX, RETRY_PREFIX } from '@/lib/protocol/topics';
import { inTransaction, type Queryable } from '@/lib/postgres';
import { END_RETRY_EPISODES } from '../episodes/retries';
import { KIND_NUMBER } from '../facts/pack-fact';
import { itemOf, type ItemSqlRow, type RetryItem } from './items';

const ITEM = 'i.*, g.name AS group_name';
const FROM = 'retry_item i LEFT JOIN consumer_group g ON g.id = i.group_id';
const FROM_OF_GROUPS = 'retry_item i JOIN consumer_group g ON g.id = i.group_id';
/** A list of states as SQL text. It is inlined because the planner uses a partial index only if the query text implies its predicate. */
const isIn = (states: readonly ItemState[]): string =>
  `IN (${states.map((state) => `'${state}'`).join(', ')})`;

/** Reads items that are due to be sent, oldest first, without claiming them. */
export async function readDue(store: Queryable, clusterId: number, limit: number): Promise<RetryItem[]> {
  const { rows } = await store.query<ItemSqlRow>({
    name: 'read-due',
    text: `SELECT ${ITEM} FROM ${FROM} WHERE i.state = 'PENDING' AND i.due_at <= now() AND i.cluster_id = $1 ORDER BY i.due_at, i.id LIMIT $2`,
    values: [clusterId, limit],
  });
  return rows.map(itemOf);
}

/** Postpones pending items. */
export async function putOff(store: Queryable, ids: string[], seconds: number): Promise<void> {
  if (ids.length === 0) return;
  await store.query({
    name: 'put-off',
    text: "UPDATE retry_item SET due_at = now() + make_interval(secs => $2) WHERE id = ANY($1) AND state = 'PENDING'",
    values: [ids, seconds],
  });
}

export interface Claim {
  item: RetryItem;
  /** Number of this send, 1 first. */
  number: number;
  fence: string;
  possibleDuplicate: boolean;
}

/** What is about to be sent for an item. */
export interface Intention {
  itemId: string;
  partition: number;
  endOffset: bigint;
  payloadSha256: Buffer;
}

/**
 * Claims items that are still pending and writes an attempt for each, in one transaction. From then on a copy may be on
 * the topic, and the attempt records from which offset to search for it. The lease uses the database's clock.
 */
export async function claim(pool: Pool, intentions: Intention[], leaseSeconds: number): Promise<Claim[]> {
  const byId = new Map(intentions.map((intention) => [intention.itemId, intention]));
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<ItemSqlRow & { doubtful: boolean }>({
      name: 'claim-items',
      text: `WITH free AS (
         SELECT id FROM retry_item WHERE id = ANY($1) AND state = 'PENDING' ORDER BY id FOR UPDATE SKIP LOCKED
       ), taken AS (
         UPDATE retry_item i SET state = 'SENDING', fence = i.fence + 1, sends = i.sends + 1,
           lease_until = now() + make_interval(secs => $2)
         FROM free WHERE i.id = free.id RETURNING i.*
       )
       SELECT i.*, g.name AS group_name, EXISTS (
         SELECT 1 FROM send_attempt a WHERE a.item_id = i.id AND coalesce(a.result, 'unknown') IN ('unknown', 'lease_expired', 'absent')
       ) AS doubtful FROM taken i LEFT JOIN consumer_group g ON g.id = i.group_id ORDER BY i.id`,
      values: [intentions.map((intention) => intention.itemId), leaseSeconds],
    });
    for (const row of rows) {
      const intention = byId.get(row.id);
      await client.query({
        name: 'insert-send-attempts',
        text: `INSERT INTO send_attempt (item_id, number, fence, target_topic, target_partition, end_offset, payload_sha256, possible_duplicate)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        values: [
          row.id,
          row.sends,
          row.fence,
          row.target_topic,
          intention?.partition,
          intention?.endOffset.toString(),
          intention?.payloadSha256,
          row.doubtful,
        ],
      });
    }
    return rows.map((row) => ({
      item: itemOf(row),
      number: row.sends,
      fence: row.fence,
      possibleDuplicate: row.doubtful,
    }));
  });
}

export interface SendRecord {
  state: ItemState;
  reason: ItemReason | null;
  /** What the attempt came to: acknowledged, refused, not_written, unknown. */
  result: string;
  detail: string | null;
  partition?: number;
  offset?: bigint;
  /** Seconds until an item that returns to PENDING is due, or until an uncertain one is reconciled. */
  waitSeconds?: number;
}

/** Records the outcome of a send if the fencing token still matches. A late answer is recorded on its attempt only. */
export async function recordSend(pool: Pool, claimed: Claim, record: SendRecord): Promise<boolean> {
  const isWritten = record.result === 'acknowledged';
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query({
      name: 'end-send',
      text: `UPDATE retry_item SET state = $3, reason = $4, lease_until = NULL,
         sent_at = CASE WHEN $9 THEN now() ELSE sent_at END,
         sent_partition = coalesce($5, sent_partition), sent_offset = coalesce($6, sent_offset),
         copies = copies + CASE WHEN $9 THEN 1 ELSE 0 END,
         due_at = CASE WHEN $3 = 'PENDING' THEN now() + make_interval(secs => $7) ELSE due_at END,
         reconcile_at = CASE WHEN $3 = 'UNCERTAIN' THEN now() + make_interval(secs => $7) END,
         ended_at = CASE WHEN $8 THEN now() END
       WHERE id = $1 AND fence = $2 AND state = 'SENDING'`,
      values: [
        claimed.item.id,
        claimed.fence,
        record.state,
        record.reason,
        record.partition ?? null,
        record.offset?.toString() ?? null,
        record.waitSeconds ?? 0,
        !ACTIVE.includes(record.state),
        isWritten,
      ],
    });
    await client.query({
      name: 'record-send-attempt',
      text: `UPDATE send_attempt SET ended_at = now(), result = CASE WHEN $5 THEN $3 ELSE 'late ' || $3 END, detail = $4, found_offset = $6
       WHERE item_id = $1 AND number = $2`,
      values: [
        claimed.item.id,
        claimed.number,
        record.result,
        record.detail,
        rowCount === 1,
        record.offset?.toString() ?? null,
      ],
    });
    return rowCount === 1;
  });
}

/** Makes items with an expired lease uncertain, since their sender may have sent them. @returns how many */
export async function expireLeases(
  store: Queryable,
  clusterId: number,
  waitSeconds: number,
): Promise<number> {
  const { rowCount } = await store.query({
    name: 'expire-leases',
    text: `WITH expired AS (
       UPDATE retry_item SET state = 'UNCERTAIN', fence = fence + 1, lease_until = NULL,
         reconcile_at = now() + make_interval(secs => $2)
       WHERE state = 'SENDING' AND lease_until < now() AND cluster_id = $1 RETURNING id, sends
     )
     UPDATE send_attempt a SET result = 'lease_expired' FROM expired e
     WHERE a.item_id = e.id AND a.number = e.sends AND a.result IS NULL`,
    values: [clusterId, waitSeconds],
  });
  return rowCount ?? 0;
}

/** Reads uncertain items that are due to be reconciled. */
export async function readUncertain(
  store: Queryable,
  clusterId: number,
  limit: number,
): Promise<RetryItem[]> {
  const { rows } = await store.query<ItemSqlRow>({
    name: 'read-uncertain',
    text: `SELECT ${ITEM} FROM ${FROM} WHERE i.state = 'UNCERTAIN' AND i.reconcile_at <= now() AND i.cluster_id = $1 ORDER BY i.reconcile_at LIMIT $2`,
    values: [clusterId, limit],
  });
  return rows.map(itemOf);
}

/** Postpones the reconciliation of an item whose target could not be read. */
export async function lookLater(store: Queryable, item: RetryItem, seconds: number): Promise<void> {
  await store.query({
    name: 'look-later',
    text: `UPDATE retry_item SET reconcile_at = now() + make_interval(secs => $3)
     WHERE id = $1 AND fence = $2 AND state = 'UNCERTAIN'`,
    values: [item.id, item.fence, seconds],
  });
}

/** Settles an uncertain item: found on the target, absent (to be sent again), or undecidable. */
export async function settleUncertain(
  pool: Pool,
  item: RetryItem,
  found:
    | { state: 'SENT_VERIFIED' | 'WRITTEN'; copies: number; partition: number; offset: bigint }
    | { state: 'PENDING' }
    | { state: 'HELD' | 'NO_ANSWER'; reason: ItemReason },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const sent = 'copies' in found ? found : null;
    const isUnknown = 'reason' in found;
    const { rowCount } = await client.query({
      name: 'settle-uncertain',
      text: `UPDATE retry_item SET state = $3, reason = $4, reconcile_at = NULL, due_at = now(), copies = coalesce($5, copies),
         sent_at = CASE WHEN $5::int IS NOT NULL THEN now() ELSE sent_at END,
         sent_partition = coalesce($6, sent_partition), sent_offset = coalesce($7, sent_offset),
         ended_at = CASE WHEN $8 THEN now() END
       WHERE id = $1 AND fence = $2 AND state = 'UNCERTAIN'`,
      values: [
        item.id,
        item.fence,
        found.state,
        isUnknown ? found.reason : null,
        sent?.copies ?? null,
        sent?.partition ?? null,
        sent?.offset.toString() ?? null,
        !ACTIVE.includes(found.state),
      ],
    });
    if (rowCount === 1 && !isUnknown) {
      await client.query({
        name: 'record-found',
        text: 'UPDATE send_attempt SET result = $3, found_offset = $4 WHERE item_id = $1 AND number = $2',
        values: [item.id, item.sends, sent ? 'found' : 'absent', sent?.offset.toString() ?? null],
      });
    }
  });
}

/** Ends an item that was never sent, with the reason. */
export async function refuse(store: Queryable, itemId: string, reason: ItemReason): Promise<void> {
  await store.query({
    name: 'refuse-item',
    text: "UPDATE retry_item SET state = 'REFUSED', reason = $2, ended_at = now() WHERE id = $1 AND state = 'PENDING'",
    values: [itemId, reason],
  });
}

export interface SentItem {
  item: RetryItem;
  outcome: number;
  gaveUp: boolean;
  nextTryAt: Date | null;
  /** See `FollowFigures`. */
  ofRecord: number;
  /** Whether the group's position on the target passed the record at least 30 seconds after the send. */
  passed: boolean;
  /** Whether the deadline for an answer has passed. */
  unanswered: boolean;
}

/**
 * Reads sent items with the present outcome of their deliveries. Items that recently ended as PASSED or NO_ANSWER are
 * included, because their report may be late, unless the delivery was retried again. Messages are read by id from the
 * parent table, since the items are few and of few days.
 * @param answerSeconds deadline for an answer, counted from the send
 */
export async function readSent(
  store: Queryable,
  clusterId: number,
  after: string,
  limit: number,
  answerSeconds: number,
): Promise<SentItem[]> {
  const { rows } = await store.query<
    ItemSqlRow & {
      outcome: string | null;
      gave_up: boolean | null;
      next_try_at: Date | null;
      of_record: number | null;
      passed: boolean;
      unanswered: boolean;
    }
  >({
    name: 'read-sent',
    text: `SELECT ${ITEM}, d.outcome, d.gave_up, d.next_try_at, (
       SELECT max(CASE f.kind WHEN ${KIND_NUMBER.handled} THEN 3 WHEN ${KIND_NUMBER.skipped} THEN 3
         WHEN ${KIND_NUMBER.handle_failed} THEN 2 WHEN ${KIND_NUMBER.push_failed} THEN 1 END)
       FROM fact_read f JOIN topic o ON o.id = f.topic_id
       WHERE f.message_id = i.message_id AND f.group_id = i.group_id AND f.partition = i.sent_partition
         AND f."offset" = i.sent_offset AND o.name = i.target_topic
     ) AS of_record, EXISTS (
       SELECT 1 FROM lag_now l JOIN topic t ON t.id = l.topic_id JOIN consumer_group r ON r.id = l.group_id
       WHERE t.cluster_id = i.cluster_id AND t.name = i.target_topic AND l.partition = i.sent_partition
         AND r.name = CASE WHEN starts_with(i.target_topic, $5) THEN g.name || $6::text ELSE g.name END
         AND l.committed > i.sent_offset AND l.sampled_at > i.sent_at + interval '30 seconds'
     ) AS passed,
     i.state IN ('SENT', 'SENT_VERIFIED', 'NO_ANSWER')
       AND i.sent_at < now() - make_interval(secs => $4::double precision) AS unanswered
     FROM ${FROM_OF_GROUPS} LEFT JOIN LATERAL (SELECT outcome, gave_up, next_try_at FROM delivery_read
       WHERE message_id = i.message_id AND group_id = i.group_id OFFSET 0) d ON true
     WHERE i.id IN (
         SELECT id FROM retry_item WHERE cluster_id = $1 AND state ${isIn(FOLLOWED)}
         UNION ALL
         SELECT p.id FROM retry_item p WHERE p.cluster_id = $1
           AND (p.state = 'PASSED' AND p.ended_at > now() - interval '1 day'
             OR p.state = 'NO_ANSWER' AND p.ended_at > now() - interval '30 days')
           AND NOT EXISTS (SELECT 1 FROM retry_item n WHERE n.message_id = p.message_id AND n.group_id = p.group_id AND n.id > p.id))
       AND i.id > $2 ORDER BY i.id LIMIT $3`,
    values: [clusterId, after, limit, answerSeconds, RETRY_PREFIX, RETRY_GROUP_SUFFIX],
  });
  return rows.map((row) => ({
    item: itemOf(row),
    outcome: Number(row.outcome ?? 0),
    gaveUp: row.gave_up ?? false,
    nextTryAt: row.next_try_at,
    ofRecord: row.of_record ?? 0,
    passed: row.passed,
    unanswered: row.unanswered,
  }));
}

/** Ends a sent item with its outcome. */
export async function endItem(store: Queryable, itemId: string, state: ItemState): Promise<void> {
  await store.query({
    name: 'end-item',
    text: `UPDATE retry_item SET state = $2, reason = NULL, ended_at = now(), reconcile_at = NULL
     WHERE id = $1 AND state ${isIn([...FOLLOWED, 'PASSED', 'NO_ANSWER'])}`,
    values: [itemId, state],
  });
}

/** Gives up items that could not be reconciled for so long: a retry is held for a person, a test ends. @returns how many */
export async function holdUncertain(store: Queryable, clusterId: number, seconds: number): Promise<number> {
  const { rowCount } = await store.query({
    name: 'hold-uncertain',
    text: `UPDATE retry_item i SET state = CASE WHEN group_id IS NULL THEN 'NO_ANSWER' ELSE 'HELD' END,
       ended_at = CASE WHEN group_id IS NULL THEN now() END, reason = 'cannot_scan', reconcile_at = NULL
     WHERE i.state = 'UNCERTAIN' AND i.cluster_id = $1 AND (
       SELECT max(a.started_at) FROM send_attempt a WHERE a.item_id = i.id) < now() - make_interval(secs => $2::double precision)`,
    values: [clusterId, seconds],
  });
  return rowCount ?? 0;
}

/** Marks items that ended without an answer as closed by a person. @returns how many there were */
export async function closeUnanswered(store: Queryable, clusterId: number, retryId: string): Promise<number> {
  const { rowCount } = await store.query({
    name: 'close-unanswered',
    text: `UPDATE retry_item SET reason = 'closed_unanswered'
     WHERE retry_id = $1 AND cluster_id = $2 AND state = 'NO_ANSWER' AND reason IS NULL`,
    values: [retryId, clusterId],
  });
  return rowCount ?? 0;
}

/** Applies a person's decision to the held items of a retry. @returns how many there were */
export async function decideHeld(
  store: Queryable,
  clusterId: number,
  retryId: string,
  decision: HeldDecision,
): Promise<number> {
  const set =
    decision === 'send_again'
      ? "state = 'PENDING', reason = NULL, due_at = now()"
      : "state = 'PASSED', reason = 'closed_as_sent', ended_at = now()";
  const { rowCount } = await store.query(
    `UPDATE retry_item SET ${set}, reconcile_at = NULL WHERE retry_id = $1 AND cluster_id = $2 AND state = 'HELD'`,
    [retryId, clusterId],
  );
  return rowCount ?? 0;
}

/** Ends retries whose items have all ended. */
export async function endRetries(store: Queryable): Promise<void> {
  await store.query({
    name: 'end-retries',
    text: `WITH ended AS (UPDATE retry r SET state = 'ENDED', ended_at = now() WHERE r.state = 'RUNNING' AND NOT EXISTS (
         SELECT 1 FROM retry_item i WHERE i.retry_id = r.id AND i.state ${isIn(ACTIVE)}) RETURNING r.id, r.ended_at)
       ${END_RETRY_EPISODES}`,
  });
}
