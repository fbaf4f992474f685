import { encodeLagChunk } from '../lib/domain/groups/lag-chunk';
import { ROLLUP_STEP_SECONDS } from '../lib/engine/sampling/roll-up';
import { readLag } from '../lib/operations/groups/read-lag';
import type { Actor, Context } from '../lib/context/context';
import { seeded } from '../lib/testing/facts';
import { quantile, round, sampled, type Row } from './bench';
import { startStore } from './store';

const GROUPS = 1_000;
const PARTITIONS = 10;
const CHUNKS_A_DAY = 144;
const SLOTS = 60;
const DAYS = 30;
const mei: Actor = { id: 1, name: 'bench', role: 'administrator' };

/** Bytes of a point of lag, and how long charts of one group of a thousand take, against a row for each point. */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  try {
    const context = await store.open('lag');
    const now = Date.now();
    await fill(context, now);
    const { rows } = await context.store.query<{ bytes: string; points: string }>(
      'SELECT sum(pg_column_size(data))::text AS bytes, (count(*) * $1)::text AS points FROM lag_chunk',
      [SLOTS * PARTITIONS],
    );
    const perPoint = Number(rows[0]?.bytes ?? 0) / Number(rows[0]?.points ?? 1);
    const naive = await naiveBytes(context);
    const at = { ...context, now: () => new Date(now) };
    const chart = (minutes: number) =>
      sampled(60, (run) => readLag.call(at, mei, { name: `group-${(run * 37) % GROUPS}`, minutes }));
    const day = await chart(1_440);
    const month = await chart(43_200);
    const naiveDay = await naiveChart(context);
    return [
      {
        what: 'bytes a point',
        courier: `${round(perPoint)} bytes`,
        against: `${round(naive)} bytes (a row for each point, with its index)`,
        ratio: `${round(naive / perPoint, 1)}x smaller`,
        goal: '<= 2 bytes',
      },
      {
        what: `24 h chart of one of ${GROUPS} groups, ${PARTITIONS} partitions, p50`,
        courier: `${round(quantile(day, 0.5) / 1000)} ms`,
        against: `${round(quantile(naiveDay, 0.5) / 1000)} ms (a row for each point)`,
        ratio: `${round(quantile(naiveDay, 0.5) / quantile(day, 0.5), 1)}x faster`,
        goal: '<= 5 ms',
      },
      {
        what: `30 d chart of one of ${GROUPS} groups, p50`,
        courier: `${round(quantile(month, 0.5) / 1000)} ms`,
        against: 'no other: the rows of a month were not kept',
        ratio: `p99 ${round(quantile(month, 0.99) / 1000)} ms`,
        goal: '<= 20 ms',
      },
    ];
  } finally {
    await store.stop();
  }
}

async function fill(context: Context, now: number): Promise<void> {
  const random = seeded(7);
  const topicId = await context.catalog.topicId('orders');
  const ids = await context.catalog.groupIds(Array.from({ length: GROUPS }, (_, n) => `group-${n}`));
  const groups = [...ids.values()];
  const today = Math.floor(now / 600_000) * 600_000;
  const midnight = Math.floor(now / 86_400_000) * 86_400_000;
  const walk = (slots: number) => {
    const series = new Map<number, number[]>();
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      let lag = Math.floor(random() * 500);
      series.set(
        partition,
        Array.from({ length: slots }, () => (lag = Math.max(0, lag + Math.floor(random() * 21) - 10))),
      );
    }
    return series;
  };
  for (let chunk = 0; chunk < CHUNKS_A_DAY * 2; chunk += 1) {
    // A few walks for all groups: what is measured is the store, not the generator.
    const data = [1, 2, 3, 4].map(() =>
      Buffer.from(encodeLagChunk({ stepSeconds: 10, series: walk(SLOTS) })),
    );
    await insert(context, 'lag_chunk', groups, topicId, new Date(today - chunk * 600_000), data);
  }
  for (let day = 2; day < DAYS; day += 1) {
    const slots = 86_400 / ROLLUP_STEP_SECONDS;
    const data = [1, 2].map(() =>
      Buffer.from(encodeLagChunk({ stepSeconds: ROLLUP_STEP_SECONDS, series: walk(slots) })),
    );
    await insert(context, 'lag_rollup', groups, topicId, new Date(midnight - day * 86_400_000), data);
  }
  await context.store.query('VACUUM ANALYZE lag_chunk');
  await context.store.query('VACUUM ANALYZE lag_rollup');
}

function insert(
  context: Context,
  table: 'lag_chunk' | 'lag_rollup',
  groups: number[],
  topicId: number,
  at: Date,
  data: Buffer[],
) {
  return context.store.query(
    `INSERT INTO ${table} (group_id, topic_id, start_at, data)
     SELECT g, $2, $3, d FROM unnest($1::int[], $4::bytea[]) AS r (g, d)`,
    [groups, topicId, at, groups.map((_, n) => data[n % data.length])],
  );
}

/** What most tools do: a row for each point, measured on a hundredth of the groups. */
async function naiveBytes(context: Context): Promise<number> {
  await context.store.query(
    `CREATE TABLE naive_lag (group_id int NOT NULL, topic_id int NOT NULL, partition int NOT NULL, at timestamptz NOT NULL, lag bigint NOT NULL)`,
  );
  await context.store.query(
    `INSERT INTO naive_lag SELECT g, 1, p, now() - make_interval(secs => s * 10), (random() * 500)::bigint
     FROM generate_series(1, 10) g, generate_series(0, ${PARTITIONS - 1}) p, generate_series(0, 8639) s`,
  );
  await context.store.query('CREATE INDEX naive_lag_at ON naive_lag (group_id, at)');
  await context.store.query('VACUUM ANALYZE naive_lag');
  const { rows } = await context.store.query<{ bytes: string; points: string }>(
    "SELECT pg_total_relation_size('naive_lag')::text AS bytes, count(*)::text AS points FROM naive_lag",
  );
  return Number(rows[0]?.bytes ?? 0) / Number(rows[0]?.points ?? 1);
}

function naiveChart(context: Context) {
  return sampled(30, (run) =>
    context.store.query({
      name: 'naive-chart',
      text: `SELECT date_bin('4 minutes', at, '2000-01-01') AS step, partition, max(lag) AS lag FROM naive_lag
             WHERE group_id = $1 AND at > now() - interval '24 hours' GROUP BY 1, 2`,
      values: [(run % 10) + 1],
    }),
  );
}
