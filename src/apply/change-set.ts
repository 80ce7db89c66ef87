// What an apply, a prune or a diff came to, object by object. Outcomes are kubectl's and Flux's words (fluxcd/pkg ssa
// changeset.go), never booleans.

import type { ObjectRef, StatusError } from "../kubernetes/index.ts";

export type Outcome = "created" | "configured" | "unchanged" | "deleted" | "skipped";

export interface Change {
  readonly ref: ObjectRef;
  readonly outcome: Outcome;
  /** Why an object was skipped or recreated. */
  readonly reason?: string;
}

/** An object the API refused for good; everything in later waves was left alone. */
export interface ApplyFailure {
  readonly ref: ObjectRef;
  readonly error: StatusError;
}

export interface ChangeSet {
  /** In the order in which the objects were settled. */
  readonly changes: readonly Change[];
  readonly failures: readonly ApplyFailure[];
}

/** `3 created, 1 configured, 40 unchanged`; outcomes that did not occur are left out. */
export function summarize({ changes, failures }: ChangeSet): string {
  const order: readonly Outcome[] = ["created", "configured", "unchanged", "deleted", "skipped"];
  const parts = order.flatMap((outcome) => {
    const count = changes.filter((change) => change.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  if (failures.length > 0) parts.push(`${failures.length} failed`);
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
