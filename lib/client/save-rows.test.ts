import { expect, test } from 'vitest';
import { rowsAs } from './save-rows';

const ROWS = [
  { name: 'orders', lag: 3, topics: ['a', 'b'] },
  { name: '=HYPERLINK("http://x")', lag: null, topics: [] },
];
const CELLS = {
  group: (row: (typeof ROWS)[number]) => row.name,
  lag: (row: (typeof ROWS)[number]) => row.lag,
};

test('a spreadsheet gets the named columns, and nothing that it would run', () => {
  expect(rowsAs('csv', ROWS, CELLS)).toBe('group,lag\r\norders,3\r\n"\'=HYPERLINK(""http://x"")",\r\n');
  expect(rowsAs('csv', [], CELLS)).toBe('group,lag\r\n');
});

test('a program gets all that is known of each row, a line each', () => {
  const lines = rowsAs('ndjson', ROWS, CELLS).trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(ROWS);
});
