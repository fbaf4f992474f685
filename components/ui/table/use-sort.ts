import { parseAsString, useQueryState } from 'nuqs';
import type { Column } from './columns';

export interface Sort {
  id: string;
  isDescending: boolean;
}

export interface Sorting {
  /** null: the order in which the rows came. */
  sort: Sort | null;
  /** Sorts by a column, the other way round, or no longer, in turn. */
  onSort: (id: string) => void;
}

/**
 * The order of a list, kept in the URL as `sort=lag` or `sort=-lag`.
 * @returns the rows in that order, and what the table's heads need
 */
export function useSort<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): { sorted: readonly Row[]; sorting: Sorting } {
  const [text, setText] = useQueryState('sort', parseAsString);
  const sort = sortOf(text);
  const column = columns.find(({ id, compare }) => id === sort?.id && compare);
  const onSort = (id: string): void => {
    const next = columns.find((item) => item.id === id);
    const first = next?.sortsFirst === 'descending';
    if (sort?.id !== id) void setText(first ? `-${id}` : id);
    else void setText(sort.isDescending === first ? (first ? id : `-${id}`) : null);
  };
  return {
    sorted: column?.compare ? sortedBy(rows, column.compare, sort?.isDescending ?? false) : rows,
    sorting: { sort: column ? sort : null, onSort },
  };
}

function sortedBy<Row>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
  isDescending: boolean,
): Row[] {
  return rows.toSorted((a, b) => (isDescending ? compare(b, a) : compare(a, b)));
}

function sortOf(text: string | null): Sort | null {
  if (!text) return null;
  return text.startsWith('-') ? { id: text.slice(1), isDescending: true } : { id: text, isDescending: false };
}
