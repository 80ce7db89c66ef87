// Numbers with their noun, as people write them.

/** `1 file`, `412 objects`, `3,322 pairs`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${formatInteger(number)} ${number === 1 ? singular : plural}`;
}

/** Commas between thousands, without the locale data that takes longer to load than a small command runs. */
function formatInteger(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
