import { NONE } from '@/lib/contract/paths';
import { COLUMN_FILTERS, MESSAGE_FILTER } from '@/lib/contract/message-filter';
import type { MessageFilter } from '../messages/filter';

/** FROM and WHERE of a filter on the former tables of one day. */
export interface FilterSql {
  from: string;
  where: string[];
  values: unknown[];
  /** The column of the id that the narrowest table is in order of. */
  id: string;
  /** Column of the status that the filter compares. */
  status: string;
}

/** @param suffix of the partition's tables @param values that come before those of the filter */
export function formerFilter(filter: MessageFilter, suffix: string, values: unknown[]): FilterSql {
  const all = [...values];
  const add = (value: unknown) => `$${all.push(value)}`;
  const where = [`m.cluster_id = ${add(filter.clusterId)}`];
  const when = (condition: boolean, clause: () => string) => {
    if (condition) where.push(clause());
  };
  const isOfGroup = filter.groupId !== null;
  let from = `former_message${suffix} m`;
  if (isOfGroup) {
    from += ` JOIN former_delivery${suffix} d ON d.message_id = m.id AND d.group_id = ${add(filter.groupId)}`;
  }
  const id = isOfGroup ? 'd.message_id' : 'm.id';
  const status = isOfGroup ? 'd.status' : 'm.status';
  if (filter.error !== null && !isOfGroup) {
    const own = filter.statuses.length > 0 ? ` AND e.status = ANY(${add(filter.statuses)})` : '';
    where.push(
      `EXISTS (SELECT 1 FROM former_delivery${suffix} e WHERE e.message_id = m.id AND e.error_type = ${add(filter.error)}${own})`,
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
  return { from, where, values: all, id, status };
}
