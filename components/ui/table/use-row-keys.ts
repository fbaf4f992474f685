import { useHotkeys } from '@mantine/hooks';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { rememberedRow } from './back-to-row';

/** What has keys of its own: Enter on it must not open the row behind as well. */
const OWN_ENTER = 'a, button, summary, input, [role="option"], [role="menuitem"]';

interface RowKeys {
  /** Key of each row, in order. */
  keys: readonly string[];
  /** null: rows lead nowhere, and there are no keys for them. */
  open: ((index: number) => void) | null;
  /** Called with the index of the row that becomes current. */
  choose?: ((index: number) => void) | undefined;
  select?: ((index: number) => void) | undefined;
  /** Index of the current row, where the caller keeps it; -1 is none. */
  at?: number | undefined;
  /** Whether `j` and `k` are this table's, where a page has several. */
  hasHotkeys: boolean;
}

/** What a row has for the keyboard. One row is in the order of Tab: the one that was moved to, or the first. */
export interface RowProps {
  tabIndex?: number;
  'aria-selected'?: boolean;
  'data-chosen'?: boolean;
}

/**
 * `j`, `k` and the arrow keys move through rows, Home and End to the first and the last, Enter opens the one they are at,
 * `x` selects it where rows can be selected. While a dialog is open the keys are the dialog's. A person who comes back is
 * at the row from which they left.
 */
export function useRowKeys({ keys, open, choose, select, at: given, hasHotkeys }: RowKeys): {
  body: RefObject<HTMLTableSectionElement | null>;
  propsOf: (index: number) => RowProps;
  onKeyDown: (event: KeyboardEvent<HTMLTableSectionElement>) => void;
} {
  const body = useRef<HTMLTableSectionElement>(null);
  const isControlled = given !== undefined;
  // A table is made when its rows are there, on a person's own machine.
  const [own, setOwn] = useState(() => (isControlled ? -1 : keys.indexOf(rememberedRow() ?? '')));
  const count = open ? keys.length : 0;
  const at = Math.min(given ?? own, count - 1);
  const move = (index: number): void => {
    const next = Math.max(0, Math.min(index, count - 1));
    setOwn(next);
    choose?.(next);
    const row = rowsOf(body.current)[next];
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  };
  const isFree = (): boolean => count > 0 && hasHotkeys && !document.querySelector('[role="dialog"]');
  useHotkeys([
    ['j', () => isFree() && move(at + 1)],
    ['k', () => isFree() && move(at - 1)],
    ['x', () => isFree() && at >= 0 && select?.(at)],
    [
      'Enter',
      ({ target }) => {
        if (target instanceof Element && target.closest(OWN_ENTER)) return;
        if (isFree() && at >= 0) open?.(at);
      },
      { preventDefault: false },
    ],
  ]);
  const returnedTo = useRef(own);
  useEffect(() => {
    const row = rowsOf(body.current)[returnedTo.current];
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'center' });
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>): void => {
    // Only keys on the row itself: elements inside it have keys of their own.
    if (!(event.target instanceof HTMLTableRowElement) || count === 0) return;
    const from = rowsOf(body.current).indexOf(event.target);
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  const propsOf = (index: number): RowProps =>
    open
      ? {
          tabIndex: index === Math.max(at, 0) ? 0 : -1,
          'aria-selected': index === at,
          'data-chosen': index === at,
        }
      : {};
  return { body, propsOf, onKeyDown };
}

/** Rows of the list, without those that are unfolded below one. */
function rowsOf(body: HTMLTableSectionElement | null): HTMLTableRowElement[] {
  return [...(body?.rows ?? [])].filter((row) => row.dataset.detail === undefined);
}
