// Columns aligned with spaces, upper-case headers, nothing cut: a pipe gets what a person gets.

export interface Column {
  readonly header: string;
  /** Numbers read better to the right. */
  readonly right?: boolean;
}

/** Rows have one cell for each column. Two spaces between columns, none at the end of a line. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const headers = columns.map(({ header }) => header);
  const widths = columns.map((_, index) =>
    Math.max(...[headers, ...rows].map((cells) => (cells[index] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ right }, index) => {
        const cell = cells[index] ?? "";
        const width = widths[index] ?? 0;
        return right === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [headers, ...rows].map((cells) => `${line(cells)}\n`).join("");
}
