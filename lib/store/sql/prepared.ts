import { dayOf } from '../schema/partitions';

const DAY_MS = 86_400_000;
/** Statements of older days are planned each time, so that a connection keeps no plan for each day there is. */
const PREPARED_DAYS = 8;

/**
 * The name under which a statement on one partition's tables is prepared, as a part of pg's query: for the newest days
 * and DEFAULT; none for the rest. Each name keeps its plan in every connection that used it.
 * @param kind what the statement asks; its text must depend on the kind and the table alone
 * @param table name of a partition, such as `message_p20261129`
 */
export function prepared(kind: string, table: string, now = Date.now()): { name?: string } {
  const day = /_p(\d{8})$/.exec(table)?.[1];
  if (day !== undefined && day < dayOf(now - PREPARED_DAYS * DAY_MS)) return {};
  return { name: `${kind} ${table}` };
}
