import { csvLine } from '@/lib/values/csv';

/** `csv` for a spreadsheet, `ndjson` for a program: one JSON object a line, with every field of the row. */
export type FileFormat = 'csv' | 'ndjson';

/** The columns of a CSV by name, each with a function that returns the value of a cell. */
export type Cells<Row> = Record<string, (row: Row) => string | number | null>;

/** Rows as a text in the asked format. CSV begins with a line of names; its cells are guarded against formulas. */
export function rowsAs<Row>(format: FileFormat, rows: readonly Row[], cells: Cells<Row>): string {
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const values = Object.values(cells);
  return [
    csvLine(Object.keys(cells)),
    ...rows.map((row) => csvLine(values.map((valueOf) => valueOf(row)))),
  ].join('');
}

/** Hands a text to the person as a file. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  saveFrom(address, name);
  // Not at once: a browser may begin to read it a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Has the browser save what is at an address. */
function saveFrom(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
