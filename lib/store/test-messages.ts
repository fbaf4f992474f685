import type { Queryable } from '@/lib/postgres';

export type TestState = 'PENDING' | 'SENDING' | 'SENT' | 'REFUSED' | 'NOT_SENT' | 'UNCERTAIN';

export interface TestMessage {
  id: string;
  topic: string;
  partition: number | null;
  key: string | null;
  headers: [string, string][];
  payload: string | null;
  type: string | null;
  operator: string;
  state: TestState;
  detail: string | null;
  createdAt: Date;
}

interface Row {
  id: string;
  topic: string;
  partition: number | null;
  key: string | null;
  headers: string;
  payload: string | null;
  type: string | null;
  operator_name: string;
  state: TestState;
  detail: string | null;
  created_at: Date;
}

const testOf = (row: Row): TestMessage => ({
  id: row.id,
  topic: row.topic,
  partition: row.partition,
  key: row.key,
  headers: JSON.parse(row.headers) as [string, string][],
  payload: row.payload,
  type: row.type,
  operator: row.operator_name,
  state: row.state,
  detail: row.detail,
  createdAt: row.created_at,
});

/** Writes a message that a worker will send. */
export async function insertTest(
  store: Queryable,
  clusterId: number,
  topicId: number,
  operatorId: number | null,
  test: Omit<TestMessage, 'topic' | 'state' | 'detail' | 'createdAt'>,
): Promise<void> {
  await store.query(
    `INSERT INTO test_message (id, cluster_id, topic_id, partition, key, headers, payload, type, operator_id, operator_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      test.id,
      clusterId,
      topicId,
      test.partition,
      test.key,
      JSON.stringify(test.headers),
      test.payload,
      test.type,
      operatorId,
      test.operator,
    ],
  );
}

/** Takes messages that wait: from here on a copy may be on the topic, so they are taken once. */
export async function claimTests(store: Queryable, clusterId: number, limit: number): Promise<TestMessage[]> {
  const { rows } = await store.query<Row>(
    `UPDATE test_message m SET state = 'SENDING' FROM topic t
     WHERE t.id = m.topic_id AND m.id IN (
       SELECT id FROM test_message WHERE cluster_id = $1 AND state = 'PENDING' ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING m.*, t.name AS topic`,
    [clusterId, limit],
  );
  return rows.map(testOf);
}

/** Writes what became of a message. */
export async function settleTest(
  store: Queryable,
  id: string,
  state: TestState,
  detail: string | null,
): Promise<void> {
  await store.query('UPDATE test_message SET state = $2, detail = $3, sent_at = now() WHERE id = $1', [
    id,
    state,
    detail,
  ]);
}

/** Messages whose sender did not come back within a minute: nobody knows whether they arrived. */
export async function giveUpTests(store: Queryable, clusterId: number): Promise<void> {
  await store.query(
    `UPDATE test_message SET state = 'UNCERTAIN', detail = 'the sender did not come back'
     WHERE cluster_id = $1 AND state = 'SENDING' AND created_at < now() - interval '1 minute'`,
    [clusterId],
  );
}

/** One message, as it stands. */
export async function readTest(store: Queryable, clusterId: number, id: string): Promise<TestMessage | null> {
  const { rows } = await store.query<Row>(
    'SELECT m.*, t.name AS topic FROM test_message m JOIN topic t ON t.id = m.topic_id WHERE m.id = $1 AND m.cluster_id = $2',
    [id, clusterId],
  );
  return rows[0] ? testOf(rows[0]) : null;
}
