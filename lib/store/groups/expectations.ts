import type { Expectation } from '@/lib/domain/groups/expectation';
import type { Queryable } from '@/lib/postgres';

/** An expectation, and who set it. */
export interface StoredExpectation {
  groupId: number;
  expectation: Expectation;
  note: string | null;
  setBy: string;
  setAt: Date;
}

/** Expectations of the groups of a cluster. */
export async function readExpectations(store: Queryable, clusterId: number): Promise<StoredExpectation[]> {
  const { rows } = await store.query<{
    group_id: number;
    expectation: Expectation;
    note: string | null;
    set_by: string;
    set_at: Date;
  }>({
    name: 'group-expectations',
    text: `SELECT e.* FROM group_expectation e JOIN consumer_group g ON g.id = e.group_id WHERE g.cluster_id = $1`,
    values: [clusterId],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    expectation: row.expectation,
    note: row.note,
    setBy: row.set_by,
    setAt: row.set_at,
  }));
}

/** Sets the expectation of a group, in place of a former one. */
export async function writeExpectation(
  store: Queryable,
  groupId: number,
  expectation: Expectation,
  note: string | null,
  by: string,
): Promise<void> {
  await store.query(
    `INSERT INTO group_expectation (group_id, expectation, note, set_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (group_id) DO UPDATE SET expectation = excluded.expectation, note = excluded.note,
       set_by = excluded.set_by, set_at = now()`,
    [groupId, JSON.stringify(expectation), note, by],
  );
}

/** Removes the expectation of a group. @returns whether there was one */
export async function removeExpectation(store: Queryable, groupId: number): Promise<boolean> {
  const { rowCount } = await store.query('DELETE FROM group_expectation WHERE group_id = $1', [groupId]);
  return (rowCount ?? 0) > 0;
}
