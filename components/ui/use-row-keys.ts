import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';

/** `j` and `k` move through rows, Enter opens the chosen one. @returns index of the chosen row, -1 before the first key */
export function useRowKeys(
  count: number,
  open: (row: number) => void,
  choose?: (row: number) => void,
): number {
  const [at, setAt] = useState(-1);
  const move = (row: number) => {
    setAt(row);
    choose?.(row);
  };
  useHotkeys([
    ['j', () => move(Math.min(at + 1, count - 1))],
    ['k', () => move(Math.max(at - 1, 0))],
    ['Enter', () => at >= 0 && open(at), { preventDefault: false }],
  ]);
  return Math.min(at, count - 1);
}
