import type { ReactNode } from 'react';

/** A column defines the content of its cells; the table defines a row's key, its target and its actions. */
export interface Column<Row> {
  /** Names the column where a list is sorted by it. */
  id: string;
  /** Words of its head. */
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Class of head and cells: the width that the content needs. */
  className?: string | undefined;
  /** Numbers are aligned right. */
  isNumeric?: true;
  /** Hidden where the table is narrow: the higher, the sooner. Absent: always there. */
  priority?: 1 | 2;
  /** Orders rows; absent: the list can't be sorted by it. */
  compare?: (a: Row, b: Row) => number;
  /** The order that comes first when a person sorts by it. */
  sortsFirst?: 'descending';
  /** Values of a row in an exported file, by the names of the columns in that file. */
  exports?: Record<string, (row: Row) => string | number | null>;
}

/** What an exported file has, in the order of the columns. */
export function exportsOf<Row>(
  columns: readonly Column<Row>[],
): Record<string, (row: Row) => string | number | null> {
  return Object.assign({}, ...columns.map((column) => column.exports ?? {})) as Record<
    string,
    (row: Row) => string | number | null
  >;
}

/** Orders by a number that may not be known; unknown ones are last either way. */
export function byNumber<Row>(valueOf: (row: Row) => number | null): (a: Row, b: Row) => number {
  return (a, b) => (valueOf(a) ?? -Infinity) - (valueOf(b) ?? -Infinity);
}

/** Orders by a text as a reader expects: 9 before 10, and no difference between small and capital letters. */
export function byText<Row>(valueOf: (row: Row) => string | null): (a: Row, b: Row) => number {
  return (a, b) =>
    (valueOf(a) ?? '').localeCompare(valueOf(b) ?? '', undefined, { numeric: true, sensitivity: 'base' });
}
