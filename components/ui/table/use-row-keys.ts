import { useHotkeys } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** What has keys of its own: Enter on it must not open the row behind as well. */
const OWN_ENTER = 'a, button, summary, [role="option"], [role="menuitem"]';

interface RowKeys {
  open: (row: number) => void;
  /** Hears which row is moved to. */
  choose?: (row: number) => void;
  select?: (row: number) => void;
  /** The chosen row, where somebody else keeps it; -1 is none. */
  at?: number;
}

/**
 * `j` and `k` move through rows, Enter opens the one they are at, `x` selects it where rows can be selected. While a
 * dialog is open the keys are the dialog's.
 * @returns index of the chosen row, -1 before the first key
 */
export function useRowKeys(count: number, { open, choose, select, at: given }: RowKeys): number {
  const [own, setOwn] = useState(-1);
  const at = Math.min(given ?? own, count - 1);
  const move = (row: number) => {
    setOwn(row);
    choose?.(row);
  };
  const ifFree = (work: () => void) => () => {
    if (count > 0 && !document.querySelector('[role="dialog"]')) work();
  };
  useHotkeys([
    ['j', ifFree(() => move(Math.min(at + 1, count - 1)))],
    ['k', ifFree(() => move(Math.max(at - 1, 0)))],
    ['x', ifFree(() => at >= 0 && select?.(at))],
    [
      'Enter',
      (event) => {
        const { target } = event;
        if (target instanceof Element && target.closest(OWN_ENTER)) return;
        ifFree(() => at >= 0 && open(at))();
      },
      { preventDefault: false },
    ],
  ]);
  useEffect(() => {
    if (own >= 0) document.querySelector('tr[data-chosen="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [own]);
  return at;
}
