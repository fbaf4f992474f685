import type { Fact } from '@/lib/protocol/fact';
import { latencyBucket, type Counted } from '@/lib/domain/messages/minute-counts';
import type { Queryable } from '@/lib/postgres';
import { WATCHED } from '@/lib/store/minutes/read';

const MINUTE_MS = 60_000;

/** Writes that facts are being collected in this minute, so that one without any is known to be one. */
export async function markWatched(store: Queryable, clusterId: number, now: Date): Promise<void> {
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  await store.query({
    name: 'mark-watched',
    text: `INSERT INTO minute_count (cluster_id, what, minute, count) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING`,
    values: [clusterId, WATCHED, minute],
  });
}

/**
 * Adds new facts to the counts of their minutes: messages that were not known before as published, failed attempts, and
 * handled deliveries by how long they took from the sender's call.
 * @param fresh ids of messages that were not known before
 * @param sentAtOf when a message was sent, for facts that do not name it; null: unknown
 */
export async function countMinutes(
  store: Queryable,
  clusterId: number,
  facts: Fact[],
  fresh: ReadonlySet<string>,
  sentAtOf: (messageId: string) => string | null,
  receivedAt: Date,
): Promise<void> {
  const counts = new Map<string, { what: string; minute: Date; count: number }>();
  const add = (what: Counted | typeof WATCHED, at: string) => {
    const minute = Math.floor(Date.parse(at) / MINUTE_MS) * MINUTE_MS;
    const key = `${what} ${minute}`;
    const item = counts.get(key) ?? { what, minute: new Date(minute), count: 0 };
    item.count += 1;
    counts.set(key, item);
  };
  const published = new Set<string>();
  for (const fact of facts) {
    if (fresh.has(fact.messageId) && fact.kind !== 'send_failed' && !published.has(fact.messageId)) {
      published.add(fact.messageId);
      add('published', fact.message?.sentAt ?? fact.at);
    }
    if (fact.kind === 'handle_failed' || fact.kind === 'push_failed') add('failed', fact.at);
    // The time until a person retried is not the group's.
    if (fact.kind === 'handled' && (fact.generation ?? 0) === 0) {
      const sentAt = fact.message?.sentAt ?? sentAtOf(fact.messageId);
      if (sentAt) add(latencyBucket(Date.parse(fact.at) - Date.parse(sentAt)), fact.at);
    }
  }
  if (facts.length > 0) add(WATCHED, receivedAt.toISOString());
  if (counts.size === 0) return;
  // Always in the same order, so that two writers of one minute wait for each other instead of deadlocking.
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await store.query({
    name: 'count-minutes',
    text: `INSERT INTO minute_count (cluster_id, what, minute, count)
           SELECT $1, what, minute, count FROM unnest($2::text[], $3::timestamptz[], $4::bigint[]) AS r (what, minute, count)
           ON CONFLICT (cluster_id, what, minute) DO UPDATE SET count = minute_count.count + excluded.count`,
    values: [
      clusterId,
      rows.map((row) => row.what),
      rows.map((row) => row.minute),
      rows.map((row) => row.count),
    ],
  });
}
