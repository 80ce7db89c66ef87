// A row of small columns, scaled to the highest; a gap where nothing is known.

const COLUMNS = "▁▂▃▄▅▆▇█";
const GAP = " ";

export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const highest = Math.max(0, ...known);
  return values
    .map((value) => {
      if (value === null) return GAP;
      const share = highest === 0 ? 0 : Math.max(0, value) / highest;
      return COLUMNS[Math.round(share * (COLUMNS.length - 1))] ?? GAP;
    })
    .join("");
}
