// Findings about input, as values. Never thrown; collected, sorted and printed at the edge.

import type { Path } from "./path.ts";
import { formatPath } from "./path.ts";
import type { Span } from "./span.ts";

export type Severity = "error" | "warning" | "info";

/** `room/what-is-wrong` in words; greppable, never reused. */
export type Code = `${string}/${string}`;

/** The other place a finding speaks of. */
export interface Related {
  readonly path: Path;
  readonly message: string;
  readonly span?: Span;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** Where in the definition, e.g. `apps.storefront.scale.max`. */
  readonly path: Path;
  /** Lower-case start, one clause, no full stop. */
  readonly message: string;
  /** Imperative: what to type. */
  readonly hint?: string;
  readonly related?: readonly Related[];
  /** Filled in late by whoever has the source text. */
  readonly span?: Span;
}

/** How one code words itself; `A` carries the offending facts. */
export interface DiagnosticRule<A> {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: (facts: A) => string;
  readonly hint?: (facts: A) => string | undefined;
  readonly related?: (facts: A) => readonly Related[];
}

export type DiagnosticConstructor<A> = ((path: Path, facts: A) => Diagnostic) & {
  readonly code: Code;
};

/** The one constructor of a code, and the only place with its wording. */
export function defineDiagnostic<A>(rule: DiagnosticRule<A>): DiagnosticConstructor<A> {
  const construct = (path: Path, facts: A): Diagnostic => {
    const hint = rule.hint?.(facts);
    const related = rule.related?.(facts) ?? [];
    return {
      code: rule.code,
      severity: rule.severity,
      path,
      message: rule.message(facts),
      ...(hint === undefined ? {} : { hint }),
      ...(related.length === 0 ? {} : { related }),
    };
  };
  return Object.assign(construct, { code: rule.code });
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Sorted by file, offset, path, code; exact repetitions dropped. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const keyed = new Map(diagnostics.map((diagnostic) => [sortKey(diagnostic), diagnostic]));
  return [...keyed].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

function sortKey({ span, path, code, message }: Diagnostic): string {
  const offset = String(span?.start ?? 0).padStart(9, "0");
  return [span?.file ?? "", offset, formatPath(path), code, message].join("\u0000");
}
