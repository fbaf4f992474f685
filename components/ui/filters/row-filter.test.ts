import { expect, test } from 'vitest';
import { hidesMost, holds, rowsKept, type RowFilter } from './row-filter';

const rows = [1, 2, 3, 4, 5, 6];
const filter = (word: string, keeps: (row: number) => boolean): RowFilter<number> => ({
  word,
  keeps,
  onClear: () => undefined,
});
const odd = filter('odd', (row) => row % 2 === 1);
const big = filter('big', (row) => row > 5);
const none = filter('none', () => false);

test('keeps what all filters keep', () => {
  expect(rowsKept(rows, [])).toEqual(rows);
  expect(rowsKept(rows, [odd, filter('small', (row) => row < 4)])).toEqual([1, 3]);
});

test('names the filter that hides most where several leave nothing', () => {
  expect(rowsKept(rows, [odd, big])).toEqual([]);
  expect(hidesMost(rows, [odd, big])?.word).toBe('big');
  expect(hidesMost(rows, [big])).toBeNull();
  // Without either there is still nothing: taking one away would lead nowhere.
  expect(hidesMost(rows, [none, odd, big])).toBeNull();
});

test('finds a text in any of the others, in any case', () => {
  expect(holds(' Order ', null, 'my-orders')).toBe(true);
  expect(holds('x', null, 'order')).toBe(false);
  expect(holds('  ', null)).toBe(true);
});
