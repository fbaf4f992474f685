'use client';

import { clsx } from 'clsx';
import { Fragment, useRef, type ReactNode } from 'react';
import { rememberRow } from './back-to-row';
import type { Column } from './columns';
import classes from './table.module.css';
import { useRowKeys } from './use-row-keys';
import type { Sorting } from './use-sort';

/** Rows that are selected, by key, with the words of the boxes. */
export interface Selection<Row> {
  keys: readonly string[];
  onChange: (keys: readonly string[]) => void;
  words: { all: string; row: (row: Row) => string };
}

interface Props<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Goes to what a row is about; absent: rows lead nowhere. */
  onOpen?: ((row: Row) => void) | undefined;
  sorting?: Sorting | undefined;
  selection?: Selection<Row> | undefined;
  /** The current row, where the page keeps it. */
  chosen?: { key: string | null; onChange: (key: string) => void } | undefined;
  /** What is unfolded below a row; null where nothing is. */
  detail?: ((row: Row) => ReactNode) | undefined;
  rowProps?: ((row: Row) => { className?: string | undefined; 'data-old'?: boolean }) | undefined;
  className?: string | undefined;
  label?: string | undefined;
  /** Whether `j` and `k` are this table's, where a page has several. */
  hasHotkeys?: boolean;
}

/**
 * Rows in columns. The head stays in sight. Each column defines whether the list can be sorted by it and how soon it is
 * hidden where the table is narrow. On the phone the page's own style sheet makes two lines of each row.
 */
export function DataTable<Row>({
  columns,
  rows,
  keyOf,
  onOpen,
  sorting,
  selection,
  chosen,
  detail,
  rowProps,
  className,
  label,
  hasHotkeys = true,
}: Props<Row>) {
  const keys = rows.map(keyOf);
  const select = useSelect(keys, selection);
  const open = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    rememberRow(keyOf(row));
    onOpen?.(row);
  };
  const { body, propsOf, onKeyDown } = useRowKeys({
    keys,
    open: onOpen ? open : null,
    choose: chosen && ((index) => keys[index] !== undefined && chosen.onChange(keys[index])),
    select: selection && ((index) => select(index, false)),
    at: chosen && keys.indexOf(chosen.key ?? ''),
    hasHotkeys,
  });
  return (
    <table className={clsx(classes.table, className, 'phoneRows')} aria-label={label}>
      <thead>
        <tr>
          {selection ? <PickAll keys={keys} selection={selection} /> : null}
          {columns.map((column) => (
            <Head key={column.id} column={column} sorting={sorting} />
          ))}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {rows.map((row, index) => (
          <Fragment key={keys[index]}>
            <tr
              {...propsOf(index)}
              {...rowProps?.(row)}
              onClick={({ target }) => {
                if (!(target instanceof Element)) return;
                // A link leads away, and what it leads to must not be overtaken by the row's own place in the address.
                if (target.closest('a')) rememberRow(keyOf(row));
                else if (!target.closest('input, button, summary')) chosen?.onChange(keyOf(row));
              }}
            >
              {selection ? (
                <td className={classes.pick} data-pick>
                  <input
                    type="checkbox"
                    aria-label={selection.words.row(row)}
                    checked={selection.keys.includes(keyOf(row))}
                    onChange={(event) =>
                      select(index, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)
                    }
                  />
                </td>
              ) : null}
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={clsx(column.isNumeric && 'num', column.className)}
                  data-priority={column.priority}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
            <Detail columns={columns.length + (selection ? 1 : 0)}>{detail?.(row)}</Detail>
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** A row of its own below another one; keys go past it. */
function Detail({ columns, children }: { columns: number; children: ReactNode }) {
  if (children === null || children === undefined) return null;
  return (
    <tr data-detail>
      <td colSpan={columns} className={classes.detail}>
        {children}
      </td>
    </tr>
  );
}

function Head<Row>({ column, sorting }: { column: Column<Row>; sorting: Sorting | undefined }): ReactNode {
  const { id, title, compare } = column;
  const sort = sorting?.sort?.id === id ? sorting.sort : null;
  const order = sort?.isDescending ? 'descending' : 'ascending';
  return (
    <th
      className={clsx(column.isNumeric && 'num', column.className)}
      data-priority={column.priority}
      aria-sort={sort ? order : undefined}
    >
      {sorting && compare ? (
        <button type="button" className={classes.sort} onClick={() => sorting.onSort(id)}>
          {title}
          <span aria-hidden>{sort ? (sort.isDescending ? '↓' : '↑') : null}</span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}

/** Selects all rows of the page, or none of them. What is selected on other pages stays so. */
function PickAll<Row>({
  keys,
  selection,
}: {
  keys: readonly string[];
  selection: Selection<Row>;
}): ReactNode {
  const isAll = keys.length > 0 && keys.every((key) => selection.keys.includes(key));
  const elsewhere = selection.keys.filter((key) => !keys.includes(key));
  return (
    <th className={classes.pick} data-pick>
      <input
        type="checkbox"
        aria-label={selection.words.all}
        checked={isAll}
        onChange={() => selection.onChange(isAll ? elsewhere : [...elsewhere, ...keys])}
      />
    </th>
  );
}

/** Selects a row or no longer; with Shift, every row from the one that was clicked before takes the same. */
function useSelect<Row>(
  keys: readonly string[],
  selection: Selection<Row> | undefined,
): (index: number, isRange: boolean) => void {
  const before = useRef<number | null>(null);
  return (index, isRange) => {
    const key = keys[index];
    if (!selection || key === undefined) return;
    const from = isRange && before.current !== null ? Math.min(before.current, index) : index;
    const to = isRange && before.current !== null ? Math.max(before.current, index) : index;
    before.current = index;
    const range = keys.slice(from, to + 1);
    const rest = selection.keys.filter((item) => !range.includes(item));
    selection.onChange(selection.keys.includes(key) ? rest : [...rest, ...range]);
  };
}
