/** Columns of rows that travel to PostgreSQL as one array each: `unnest` keeps the statement the same for any number. */
export interface Column<Row> {
  name: string;
  type: string;
  of(row: Row): unknown;
}

/** `unnest($1::text[], $2::int[]) AS r (a, b)` for the columns. @param first number of the first parameter */
export function unnestOf<Row>(columns: readonly Column<Row>[], first = 1): string {
  const arrays = columns.map((column, index) => `$${index + first}::${column.type}[]`).join(', ');
  return `unnest(${arrays}) AS r (${columns.map((column) => column.name).join(', ')})`;
}

/** The values of `unnestOf`, one array a column. */
export function arraysOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] {
  return columns.map((column) => rows.map((row) => column.of(row)));
}
