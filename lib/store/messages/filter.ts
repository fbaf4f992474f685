import { NONE } from '@/lib/contract/paths';
import { COLUMN_FILTERS, MESSAGE_FILTER, type ColumnFilter } from '@/lib/contract/message-filter';
import type { Status } from '@/lib/domain/messages/status';

export interface MessageFilter {
  clusterId: number;
  statuses: Status[];
  topicId: number | null;
  /** Topics that the caller is limited to; null: all. */
  topicIds: number[] | null;
  /** With a group, status and error mean those of that group's delivery. */
  groupId: number | null;
  /** Values of columns of the message; `NONE` where the table of fields allows it means that there is none. */
  columns: Partial<Record<ColumnFilter, string>>;
  /** Type of the last error of a delivery; `NONE` means that there is none. */
  error: string | null;
  /** Only these. */
  ids: string[] | null;
  /** Smallest id that is asked for, and the first that is not. */
  from: string | null;
  to: string | null;
}

/** FROM and WHERE of a filter on the tables of one partition. */
export interface FilterSql {
  from: string;
  where: string[];
  values: unknown[];
  /** The column of the id that the narrowest table is in order of. */
  id: string;
  /** Column of the status that the filter compares. */
  status: string;
  /** Whether it asks for all messages of the cluster, so that its text is always the same. */
  isUnfiltered: boolean;
}

/** @param suffix of the partition's tables @param values that come before those of the filter */
export function filterSql(filter: MessageFilter, suffix: string, values: unknown[]): FilterSql {
  const all = [...values];
  const add = (value: unknown) => `$${all.push(value)}`;
  const where = [`m.cluster_id = ${add(filter.clusterId)}`];
  const when = (condition: boolean, clause: () => string) => {
    if (condition) where.push(clause());
  };
  const isOfGroup = filter.groupId !== null;
  let from = `message${suffix} m`;
  if (isOfGroup) {
    from += ` JOIN delivery${suffix} d ON d.message_id = m.id AND d.group_id = ${add(filter.groupId)}`;
  }
  const id = isOfGroup ? 'd.message_id' : 'm.id';
  const status = isOfGroup ? 'd.status' : 'm.status';
  if (filter.error !== null && !isOfGroup) {
    const own = filter.statuses.length > 0 ? ` AND e.status = ANY(${add(filter.statuses)})` : '';
    where.push(
      `EXISTS (SELECT 1 FROM delivery${suffix} e WHERE e.message_id = m.id AND e.error_type = ${add(filter.error)}${own})`,
    );
  } else {
    when(filter.statuses.length > 0, () => `${status} = ANY(${add(filter.statuses)})`);
    when(filter.error === NONE, () => 'd.error_type IS NULL');
    when(filter.error !== null && filter.error !== NONE, () => `d.error_type = ${add(filter.error)}`);
  }
  when(filter.topicId !== null, () => `m.topic_id = ${add(filter.topicId)}`);
  when(filter.topicIds !== null, () => `m.topic_id = ANY(${add(filter.topicIds)})`);
  for (const name of COLUMN_FILTERS) {
    const value = filter.columns[name];
    if (value === undefined) continue;
    const isNone = 'hasNone' in MESSAGE_FILTER[name] && value === NONE;
    where.push(isNone ? `m.${name} IS NULL` : `m.${name} = ${add(value)}`);
  }
  when(filter.ids !== null, () => `${id} = ANY(${add(filter.ids)})`);
  when(filter.from !== null, () => `${id} >= ${add(filter.from)}`);
  when(filter.to !== null, () => `${id} < ${add(filter.to)}`);
  return { from, where, values: all, id, status, isUnfiltered: !isOfGroup && where.length === 1 };
}
