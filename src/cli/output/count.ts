// Numbers with their noun, as people write them.

/** `1 file`, `412 objects`, `3,322 pairs`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? singular : plural}`;
}
