// What to say when a question about telemetry finds nothing: who is known, and what may be wrong.

export interface NothingKnown {
  readonly what: string;
  readonly app: string | undefined;
  /** Everyone who sent something. */
  readonly services: readonly string[];
}

export function describeNothing({ what, app, services }: NothingKnown): string {
  if (services.length === 0) return `${what}: nobody has sent any\n`;
  const isKnown = app === undefined || services.includes(app);
  return isKnown ? `${what}\n` : `${what} of ${app}; known are ${services.join(", ")}\n`;
}
