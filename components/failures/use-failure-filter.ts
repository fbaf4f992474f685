import { useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';
import { holds, rowsKept, type RowFilter } from '@/components/ui/filters/row-filter';
import type { FailureListRow } from '@/lib/contract/failures';

export const STATES = ['gaveUp', 'trying'] as const;
export const ORDERS = ['trouble', 'newest', 'latest', 'messages'] as const;
type Order = (typeof ORDERS)[number];

const SHAPE = {
  state: parseAsStringLiteral(STATES),
  name: parseAsString.withDefault(''),
  /** When a failure began, as ISO 8601. */
  from: parseAsTime,
  to: parseAsTime,
  group: parseAsString,
  topic: parseAsString,
  release: parseAsString,
  order: parseAsStringLiteral(ORDERS).withDefault('trouble'),
};

/** The answer comes with trouble first. */
const COMPARE: Record<Exclude<Order, 'trouble'>, (a: FailureListRow, b: FailureListRow) => number> = {
  newest: (a, b) => (a.firstAt > b.firstAt ? -1 : 1),
  latest: (a, b) => (a.lastAt > b.lastAt ? -1 : 1),
  messages: (a, b) => b.messages - a.messages,
};

export function stateOf(row: FailureListRow): (typeof STATES)[number] {
  return row.gaveUp > 0 ? 'gaveUp' : 'trying';
}

/** Filters and order of the failure list, both kept in the URL. */
export function useFailureFilter(rows: FailureListRow[]) {
  const t = useTranslations('failures.by');
  const [filter, setFilter] = useQueryStates(SHAPE);
  const filters: RowFilter<FailureListRow>[] = [];
  const add = (word: string, names: (keyof typeof SHAPE)[], keeps: (row: FailureListRow) => boolean) =>
    filters.push({
      word,
      keeps,
      onClear: () => void setFilter(Object.fromEntries(names.map((name) => [name, null]))),
    });
  const { state, name, from, to, group, topic, release } = filter;
  if (state) add(t('state'), ['state'], (row) => stateOf(row) === state);
  if (group) add(t('group'), ['group'], (row) => row.group === group);
  if (topic) add(t('topic'), ['topic'], (row) => row.topics.includes(topic));
  if (release) add(t('release'), ['release'], (row) => row.releases.includes(release));
  if (name)
    add(t('name'), ['name'], (row) =>
      holds(
        name,
        row.error,
        row.message,
        row.group,
        row.type,
        row.frame?.what ?? null,
        row.frame?.where ?? null,
        ...row.topics,
        ...row.releases,
      ),
    );
  // What the histogram shows is of any time: it is where the time is chosen.
  const ofAnyTime = rowsKept(rows, filters);
  if (from || to)
    add(
      t('began'),
      ['from', 'to'],
      (row) => (from === null || row.firstAt >= from) && (to === null || row.firstAt < to),
    );
  const kept = rowsKept(rows, filters);
  const shown = filter.order === 'trouble' ? kept : kept.toSorted(COMPARE[filter.order]);
  return { filter, setFilter, filters, shown, ofAnyTime };
}
