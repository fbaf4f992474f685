import { inject } from 'vitest';
import { runBattery } from '@/lib/testing/broker-battery';
import { createPool } from '@/lib/postgres';
import { createTestDatabase } from '@/lib/testing/database';
import { FaultProxy, POSTGRES_DIALECT } from '@/lib/testing/fault-proxy';
import { EmbeddedBroker } from './adapter';

runBattery('embedded', async () => {
  const database = await createTestDatabase(inject('postgres'));
  const target = new URL(database.url);
  const proxy = new FaultProxy(POSTGRES_DIALECT, { host: target.hostname, port: Number(target.port) });
  await proxy.listen();
  const through = new URL(database.url);
  through.host = proxy.address;
  const nowhere = new URL(database.url);
  nowhere.host = '127.0.0.1:9';
  const ignore = () => undefined;
  // A single connection: every connection that is open when the proxy closes reports one unknown outcome.
  const proxiedPool = createPool(through.href, 1, ignore);
  const nowherePool = createPool(nowhere.href, 2, ignore);
  return {
    broker: new EmbeddedBroker('test', database.pool, 1_500, 86_400_000),
    proxied: new EmbeddedBroker('test', proxiedPool, 1_500, 86_400_000),
    arm: (fault) => proxy.arm(fault),
    mend: () => proxy.listen(),
    async deleteBefore(topic, partition, offset) {
      await database.pool.query(
        'UPDATE embedded_partition p SET start_offset = $3 FROM embedded_topic t WHERE t.id = p.topic_id AND t.name = $1 AND p.partition = $2',
        [topic, partition, offset.toString()],
      );
    },
    async commit(group, topic, partition, offset) {
      await database.pool.query('INSERT INTO embedded_group (name) VALUES ($1) ON CONFLICT DO NOTHING', [
        group,
      ]);
      await database.pool.query(
        'INSERT INTO embedded_position SELECT $1, id, $3, $4 FROM embedded_topic WHERE name = $2',
        [group, topic, partition, offset.toString()],
      );
    },
    nowhere: { broker: new EmbeddedBroker('test', nowherePool, 1_500, 86_400_000), address: '127.0.0.1:9' },
    async close() {
      await Promise.all([proxiedPool.end(), nowherePool.end()]);
      await proxy.close();
      await database.drop();
    },
  };
});
