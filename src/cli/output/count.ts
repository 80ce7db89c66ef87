// Numbers with their noun, as people write them.

/** `1 file`, `412 objects`, `3,322 pairs`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? singular : plural}`;
}

/** `2 errors, 1 warning`; empty when there is nothing to count. */
export function countBySeverity(diagnostics: readonly { readonly severity: string }[]): string {
  return (["error", "warning", "info"] as const)
    .map(
      (severity) =>
        [severity, diagnostics.filter((found) => found.severity === severity).length] as const,
    )
    .filter(([, number]) => number > 0)
    .map(([severity, number]) =>
      severity === "info" ? count(number, "note") : count(number, severity),
    )
    .join(", ");
}
