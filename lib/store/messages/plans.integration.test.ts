import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createPool } from '@/lib/postgres';
import { floorUuidV7 } from '@/lib/protocol/uuid';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { dayOf, makePartitions, PartitionCatalog } from '../schema/partitions';
import { HEALED } from '../failures/healed';
import { FIRST_ID, LAST_ID, type MessageFilter } from './filter';
import { listIds } from './list';
import { selectIds } from './select-ids';

const DAY_MS = 86_400_000;
const DAYS = 12;
const EVERY: MessageFilter = {
  clusterId: 1,
  from: null,
  to: null,
  ids: null,
  areIdsCut: false,
  shapeIds: null,
  topicId: null,
  topicIds: null,
  groupId: null,
  statuses: [],
  error: null,
  columns: {},
};
const FILTERS: [name: string, filter: Partial<MessageFilter>, index: RegExp][] = [
  ['all', {}, /message_p\d+_pkey/],
  ['a topic', { topicId: 7 }, /message_p\d+_topic_id_id_idx/],
  ['a key', { columns: { key: 'order-5' } }, /message_p\d+_left_idx/],
  ['what fails', { statuses: ['HANDLE_FAIL'] }, /delivery_p\d+_status_message_id_idx/],
  [
    'what fails of a topic',
    { topicId: 7, statuses: ['HANDLE_FAIL'] },
    /delivery_p\d+_topic_id_status_message_id_idx/,
  ],
  ['an error', { error: 'E' }, /delivery_p\d+_error_type_message_id_idx/],
  [
    'what a group fails',
    { groupId: 1, statuses: ['HANDLE_FAIL'] },
    /delivery_p\d+_group_id_\w+_message_id_idx/,
  ],
  ['not sent', { statuses: ['SEND_FAIL'] }, /message_p\d+_id_idx/],
];
let database: TestDatabase;
let pool: Pool;
let today: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  // One connection, so that it has all statements.
  pool = createPool(database.url, 1, () => undefined);
  const now = Date.now();
  today = dayOf(now);
  await makePartitions(pool, now - DAYS * DAY_MS, now);
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  // Topic by topic, as a first backlog is read: rows of one topic are beside each other, and ids are far apart.
  await pool.query(
    `INSERT INTO message (id, cluster_id, topic_id, shape_id, key, first_at, partition, "offset", committed_at)
     SELECT (substr($1::uuid::text, 1, 1) || substr(lpad(to_hex($2::bigint + (n % 300) * 200000 + n / 300), 12, '0'), 2, 7) || '-'
       || substr(lpad(to_hex($2::bigint + (n % 300) * 200000 + n / 300), 12, '0'), 9) || '-7' || lpad(to_hex(n % 4096), 3, '0')
       || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, n / 300, 1, 'order-' || n, now(), 0, n, now()
     FROM generate_series(1, 60000) n`,
    [floorUuidV7(day), day],
  );
  await pool.query(
    // One in ten was handled by a later try, at some time of the day.
    `INSERT INTO delivery (message_id, group_id, topic_id, shape_id, outcome, first_at, last_at, error_type, first_error_at, outcome_at)
     SELECT id, 1, topic_id, 1, CASE WHEN "offset" % 50 = 0 THEN 2 ELSE 3 END, now(), now(), CASE WHEN "offset" % 50 = 0 THEN 'E' END,
       CASE WHEN "offset" % 50 = 5 THEN now() END, now() - random() * interval '1 day'
     FROM message WHERE "offset" % 5 = 0`,
  );
  await pool.query('VACUUM ANALYZE');
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const NO_SHAPES = { ids: null, counted: null, overflow: [], names: {} };

it.each(FILTERS)('lists %s in the order of an index, after ANALYZE too', async (_, more, index) => {
  const query = selectIds({ ...EVERY, ...more }, NO_SHAPES, `_p${today}`, [[FIRST_ID, LAST_ID]], 51);
  const client = await pool.connect();
  try {
    const name = `plan_${FILTERS.findIndex(([, filter]) => filter === more)}`;
    await client.query(`PREPARE ${name} AS ${query.text}`);
    const values = query.values
      .map((value) => client.escapeLiteral(textOf(value)))
      .map((text, at) => (query.values[at] === null ? 'NULL' : text));
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, TIMING OFF) EXECUTE ${name} (${values.join(', ')})`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']);
    const used = plan.filter((line) => line.includes('Scan') && !line.includes('never executed')).join('\n');
    expect(used).toMatch(index);
    expect(used).not.toMatch(/Seq Scan|Bitmap/);
    const read = plan.flatMap((line) => /Scan.*rows=([\d.]+) loops=1\)/.exec(line)?.[1] ?? []).map(Number);
    expect(Math.max(...read), plan.join('\n')).toBeLessThan(500);
  } finally {
    client.release();
  }
});

it('reads what healed lately by the time it healed, not by what was sent that day', async () => {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>({
    text: `EXPLAIN ${HEALED}`,
    values: [1, floorUuidV7(Date.now() - DAY_MS), 8, new Date(Date.now() - 60_000)],
  });
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(new RegExp(`delivery_p${today}_outcome_at_idx`));
  expect(plan).not.toMatch(new RegExp(`Seq Scan on delivery_p${today}`));
});

it('keeps a bounded number of statements, however many days there are', async () => {
  const partitions = new PartitionCatalog(pool);
  for (const [, more] of FILTERS) await listIds(pool, partitions, { ...EVERY, ...more }, LAST_ID, 51);
  const { rows } = await pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM pg_prepared_statements WHERE name LIKE 'ids of %'",
  );
  // Each way of reading for the newest days, DEFAULT and today; no more for a store of a year.
  expect(rows[0]?.count).toBeLessThanOrEqual(FILTERS.length * 10);
  expect(rows[0]?.count).toBeGreaterThan(0);
});

function textOf(value: unknown): string {
  return Array.isArray(value) ? `{${value.join(',')}}` : String(value);
}
