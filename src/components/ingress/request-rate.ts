// Rates as nginx writes them.

/** `10r/s` or `30r/m` in requests per second. */
export function parseRequestRate(text: string): number | undefined {
  const [, count, unit] = /^(\d+)r\/([sm])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) / (unit === "m" ? 60 : 1);
}
