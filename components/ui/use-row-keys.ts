import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';

/**
 * `j` and `k` move through rows, Enter opens the one they are at, `x` selects it where rows can be selected.
 * @returns index of the chosen row, -1 before the first key
 */
export function useRowKeys(
  count: number,
  open: (row: number) => void,
  choose?: (row: number) => void,
  select?: (row: number) => void,
): number {
  const [at, setAt] = useState(-1);
  const move = (row: number) => {
    setAt(row);
    choose?.(row);
  };
  useHotkeys([
    ['j', () => move(Math.min(at + 1, count - 1))],
    ['k', () => move(Math.max(at - 1, 0))],
    ['x', () => at >= 0 && select?.(at)],
    ['Enter', () => at >= 0 && open(at), { preventDefault: false }],
  ]);
  return Math.min(at, count - 1);
}
