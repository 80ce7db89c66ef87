// A promise and what shows that it holds on one cluster. Evidence is counted from the compiled platform, never written by hand.

import type { Diagnostic } from "../../core/index.ts";
import type { Check, TargetView } from "../target-view.ts";
import { runCheck } from "../target-view.ts";

export interface ProofOnTarget {
  readonly promise: string;
  readonly evidence: string;
}

/** Nothing when the promise does not hold, or is not made on this cluster. */
export type Prove = (view: TargetView) => readonly ProofOnTarget[];

/** A row whose promise holds exactly when the named checks find no error. */
export function provedBy(
  checks: readonly Check[],
  promise: string,
  evidence: (view: TargetView) => string,
): Prove {
  return (view) => (holds(checks, view) ? [{ promise, evidence: evidence(view) }] : []);
}

function holds(checks: readonly Check[], view: TargetView): boolean {
  return checks.every((check) => !runCheck(check, view).some(isError));
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
