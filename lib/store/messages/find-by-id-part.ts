import { prepared } from '../sql/prepared';
import type { Queryable } from '@/lib/postgres';

/** Number of newest ids that a shortened id is compared with. */
const MAX_LOOKED_AT = 200_000;
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Ids that begin with a text, newest first. @param begin 13 characters of a UUID or more, hyphens included */
export async function findByIdBegin(store: Queryable, begin: string, limit: number): Promise<string[]> {
  const { rows } = await store.query<{ id: string }>({
    name: 'by-id-begin',
    text: `SELECT id FROM (SELECT id FROM message UNION ALL SELECT id FROM former_message) m
           WHERE id >= $1 AND id <= $2 ORDER BY id DESC LIMIT $3`,
    values: [begin + LAST.replaceAll('f', '0').slice(begin.length), begin + LAST.slice(begin.length), limit],
  });
  return rows.map((row) => row.id);
}

/**
 * Ids that end with eight digits, of whatever cluster: the newest of a table are compared one by one, since an index by
 * the end would cost every write more than this costs the few who ask.
 * @param table `message`, which is of all days, or one of its partitions
 * @returns the ids, newest first, and how many were compared where there are more; else null
 */
export async function findByIdEnd(
  store: Queryable,
  table: string,
  end: string,
): Promise<{ ids: string[]; looked: number | null }> {
  const { rows } = await store.query<{ ids: string[] | null; looked: string }>({
    ...prepared('by-id-end', table),
    text: `SELECT count(*) AS looked, array_agg(id ORDER BY id DESC) FILTER (WHERE substring(uuid_send(id), 13) = $1) AS ids
           FROM (SELECT id FROM ${idsOf(table)} ORDER BY id DESC LIMIT ${MAX_LOOKED_AT}) newest`,
    values: [Buffer.from(end, 'hex')],
  });
  const looked = Number(rows[0]?.looked ?? 0);
  return { ids: rows[0]?.ids ?? [], looked: looked < MAX_LOOKED_AT ? null : looked };
}

/** Ids of all days come out of the former tables too; those of one day are of the day's own relation. */
const idsOf = (table: string) =>
  table === 'message' ? '(SELECT id FROM message UNION ALL SELECT id FROM former_message) m' : table;
