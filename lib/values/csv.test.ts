import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from './csv';

describe('csvCell', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '=HYPERLINK("http://x","y")',
    "=cmd|'/C calc'!A0",
  ])('lets a spreadsheet run nothing: %j', (text) => {
    const cell = csvCell(text);
    const content = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    expect(content).toBe(`'${text}`);
  });

  it('quotes what would end a cell or a line, and leaves the rest as it is', () => {
    expect(csvLine(['a,b', 'say "hi"', 'two\nlines', 'plain', null, -5])).toBe(
      '"a,b","say ""hi""","two\nlines",plain,,-5\r\n',
    );
  });
});
