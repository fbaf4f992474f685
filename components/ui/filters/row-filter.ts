/** A filter that is in force on rows that are all here. */
export interface RowFilter<Row> {
  /** What it is called where it is chosen. */
  word: string;
  keeps: (row: Row) => boolean;
  /** Takes it away. */
  onClear: () => void;
}

/** The rows that all filters keep. */
export function rowsKept<Row>(rows: Row[], filters: RowFilter<Row>[]): Row[] {
  return rows.filter((row) => filters.every((filter) => filter.keeps(row)));
}

/** Of several filters that leave nothing together, the one without which most is left; null where none helps alone. */
export function hidesMost<Row>(rows: Row[], filters: RowFilter<Row>[]): RowFilter<Row> | null {
  if (filters.length < 2) return null;
  const counts = filters.map((item) => ({
    one: item,
    left: rowsKept(
      rows,
      filters.filter((other) => other !== item),
    ).length,
  }));
  const most = counts.reduce((a, b) => (b.left > a.left ? b : a));
  return most.left > 0 ? most.one : null;
}

/** Whether any of the texts holds what was typed, in any case. */
export function holds(typed: string, ...texts: (string | null)[]): boolean {
  const wanted = typed.trim().toLowerCase();
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted) ?? false);
}
