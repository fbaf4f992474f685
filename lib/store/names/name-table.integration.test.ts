import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fact } from '@/lib/protocol/fact';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { mergeFacts } from '../facts/merge';
import { rebuild } from '../facts/rebuild';
import { readFacts } from '../messages/read-facts';
import { listMessages } from '../messages/list';
import { LAST_ID, type MessageFilter } from '../messages/filter';
import { makePartitions, PartitionCatalog } from '../schema/partitions';
import { Catalog } from './catalog';

const NO_FILTER: MessageFilter = {
  clusterId: 1,
  statuses: [],
  topicId: null,
  topicIds: null,
  groupId: null,
  columns: {},
  error: null,
  ids: null,
  areIdsCut: false,
  shapeIds: null,
  from: null,
  to: null,
};

describe('names that differ with each message', () => {
  let database: TestDatabase;
  let catalog: Catalog;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    await database.pool.query("INSERT INTO cluster (name, kind, address) VALUES ('test', 'kafka', 'none')");
    catalog = new Catalog(database.pool, 1, { shapesPerTopic: 20, originsPerService: 10 });
    await makePartitions(database.pool, Date.now(), Date.now());
  });
  afterAll(() => database.drop());

  it('take no row of their own beyond a limit, and are read, found and counted all the same', async () => {
    const facts = Array.from({ length: 100 }, (_, number) => {
      const id = newId();
      const message = { topic: 'odd', type: `Type-${number}`, version: String(number), service: 'shop' };
      const who = {
        service: 'shop',
        host: `host-${number}`,
        release: `1.0.${number}`,
        member: `m-${number}`,
      };
      const error = { type: 'E', message: 'm' };
      return [
        makeFact('committed', id, 0, { message, ...who }),
        makeFact('handle_failed', id, 1, { group: 'g', attempt: 1, error, gaveUp: { to: null }, ...who }),
      ];
    });
    for (const pair of facts)
      await mergeFacts(database.pool, catalog, { source: 'test', facts: pair, receivedAt: new Date() });
    const count = async (table: string) =>
      (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? 0;
    // The one of the rest, and that of facts without names.
    expect(await count('shape')).toBe(21);
    expect(await count('origin')).toBeLessThanOrEqual(22);

    const [, failed] = facts[97] as [Fact, Fact];
    const stored = await readFacts(database.pool, 'fact_read', failed.messageId);
    expect(stored.map(({ fact, source }) => ({ fact, source }))).toEqual(
      (facts[97] ?? []).map((fact) => ({ fact, source: 'test' })),
    );
    const { rows: deliveries } = await database.pool.query(
      'SELECT host, release FROM delivery_read WHERE message_id = $1',
      [failed.messageId],
    );
    expect(deliveries).toEqual([{ host: 'host-97', release: '1.0.97' }]);
    const partitions = new PartitionCatalog(database.pool);
    for (const number of [3, 97]) {
      const filter = { ...NO_FILTER, columns: { type: `Type-${number}` } };
      const found = await listMessages(database.pool, partitions, filter, LAST_ID, 10);
      expect(found.map(({ type, version }) => ({ type, version }))).toEqual([
        { type: `Type-${number}`, version: String(number) },
      ]);
    }
    expect(await rebuild(database.pool, catalog, () => undefined)).toMatchObject({
      differed: [],
      miscounted: 0,
    });
  });
});
