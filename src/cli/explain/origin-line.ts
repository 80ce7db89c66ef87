// What else comes from a line of the definition.

import type { Path } from "../../core/index.ts";
import { formatPath, groupBy } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { CompiledTarget } from "../../model/index.ts";

/** Objects of one cluster that come from exactly this path, but for the one that was asked about. */
export function objectsFrom(path: Path, target: CompiledTarget, except?: string): string[] {
  return target.objects
    .filter(({ origin }) => formatPath(origin.path) === formatPath(path))
    .map(({ object }) => displayRef(refOf(object)))
    .filter((shown) => shown !== except);
}

/** `networkpolicies a, b · service c`, so that a long list stays readable. */
export function groupRefs(refs: readonly string[]): string {
  const groups = groupBy(refs, (ref) => ref.slice(0, ref.indexOf("/")));
  return [...groups]
    .map(
      ([kind, members]) =>
        `${kind} ${members.map((ref) => ref.slice(ref.indexOf("/") + 1)).join(", ")}`,
    )
    .join(" · ");
}
