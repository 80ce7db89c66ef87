// The containers of a pod, of every list, with their paths. Mirrors VisitContainersWithPath of kubernetes
// pkg/apis/core/pods/helpers.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import { recordsAt } from "./fields.ts";
import type { Scope } from "./walk-fields.ts";

export interface PlacedContainer {
  readonly at: string;
  readonly part: Scope;
}

const LISTS = ["initContainers", "containers", "ephemeralContainers"];

export function containersOf(field: string, spec: Scope): readonly PlacedContainer[] {
  return LISTS.flatMap((list) =>
    recordsAt(spec, list).map((part, index) => ({ at: `${field}.${list}[${index}]`, part })),
  );
}

/** Whether a container of any list is such a one. Allocates nothing, for what few pods have. */
export function hasContainer(spec: Scope, isOne: (container: Scope) => boolean): boolean {
  for (const list of LISTS) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    for (const container of containers) {
      if (isRecord(container) && isOne(container)) return true;
    }
  }
  return false;
}
