import type { Queryable } from '@/lib/postgres';

/** What is stored of a message before facts about it are accepted. */
export interface MessageOrigin {
  /** Whether its sender or the index reported it, so that its service is reliable. */
  sent: boolean;
  service: string | null;
  topic: string | null;
  /** Fields of its description that have a value, as facts name them. */
  known: ReadonlySet<string>;
}

interface Row {
  id: string;
  sent: boolean;
  service: string | null;
  topic: string | null;
  known: string[];
}

/** Stored origins of messages by id; unknown ones are left out. @param ids UUIDv7, at most a batch of facts */
export async function readMessageOrigins(
  store: Queryable,
  ids: readonly string[],
): Promise<Map<string, MessageOrigin>> {
  const sorted = [...ids].sort();
  const { rows } = await store.query<Row>({
    name: 'read-message-origins',
    text: `SELECT m.id, m.committed_at IS NOT NULL OR m.send_failed_at IS NOT NULL AS sent, m.service, t.name AS topic,
       array_remove(ARRAY[
         CASE WHEN m.type IS NOT NULL THEN 'type' END,
         CASE WHEN m.version IS NOT NULL THEN 'version' END,
         CASE WHEN m.service IS NOT NULL THEN 'service' END,
         CASE WHEN m.kind IS NOT NULL THEN 'kind' END,
         CASE WHEN m.key IS NOT NULL THEN 'key' END,
         CASE WHEN m.size IS NOT NULL THEN 'size' END,
         CASE WHEN m.trace_id IS NOT NULL THEN 'traceId' END,
         CASE WHEN m.sent_at IS NOT NULL THEN 'sentAt' END], NULL) AS known
     FROM message_read m LEFT JOIN topic t ON t.id = m.topic_id
     WHERE m.id = ANY($1::uuid[]) AND m.id >= $2 AND m.id <= $3`,
    values: [sorted, sorted[0], sorted.at(-1)],
  });
  return new Map(rows.map(({ id, known, ...row }) => [id, { ...row, known: new Set(known) }]));
}
