import { round, type Row } from './bench';
import { startConsole } from './console';
import { cpuSecondsOf, keepOpen, postmasterOf } from './open-page';
import { startStore } from './store';
import { startWorker } from './worker';

const GROUPS = 20;
const SETTLE_MS = 20_000;
const ASKS = [{ path: '/api/overview', seconds: 5 }];

/** What Courier costs without any traffic, with one page open: its own processes, and statements of PostgreSQL. */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  const context = await store.open('idle');
  const worker = await startWorker(store.url('idle'));
  const console_ = await startConsole(context, store.url('idle'));
  try {
    await context.broker.createTopics([{ name: 'orders', partitions: 6 }]);
    for (let group = 0; group < GROUPS; group += 1) {
      await context.store.query('INSERT INTO embedded_group (name) VALUES ($1)', [`group-${group}`]);
      await context.store.query(
        'INSERT INTO embedded_position (group_name, topic_id, partition, "offset") SELECT $1, topic_id, partition, 0 FROM embedded_partition',
        [`group-${group}`],
      );
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const postgres = await postmasterOf(context);
    const transactions = async () => {
      const { rows } = await context.store.query<{ count: string }>(
        'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
      );
      return Number(rows[0]?.count ?? 0);
    };
    const processes = [worker.pid, console_.pid, postgres];
    const [before, began, first] = [processes.map(cpuSecondsOf), performance.now(), await transactions()];
    await keepOpen(console_.url, { cookie: console_.cookie }, ASKS);
    const seconds = (performance.now() - began) / 1_000;
    const shares = processes.map((pid, index) => (cpuSecondsOf(pid) - (before[index] ?? 0)) / seconds);
    const total = shares.reduce((sum, share) => sum + share, 0);
    const [ofWorker = 0, ofConsole = 0, ofPostgres = 0] = shares.map((share) => share * 100);
    return [
      {
        what: 'without traffic, one page open, share of a core',
        courier: `${round(total * 100, 1)} % (worker ${round(ofWorker, 1)}, console ${round(ofConsole, 1)}, PostgreSQL ${round(ofPostgres, 1)})`,
        against: '-',
        ratio: '-',
        goal: '< 10 %',
      },
      {
        what: 'without traffic, one page open, transactions of PostgreSQL',
        courier: `${round(((await transactions()) - first) / seconds, 1)}/s`,
        against: '-',
        ratio: '-',
        goal: '<= 30 statements/s',
      },
    ];
  } finally {
    console_.stop();
    worker.stop();
    await store.stop();
  }
}
