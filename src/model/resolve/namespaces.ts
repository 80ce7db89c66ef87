// One entry for each namespace, whoever asks for it.

import type { Diagnostic } from "../../core/index.ts";
import type { PlannedNamespace } from "../contracts/plan.ts";
import { contestedNamespace } from "../plan-diagnostics.ts";

/** From most to least confined: what runs there must be able to run. */
const LEVELS: readonly PlannedNamespace["podSecurity"][] = ["restricted", "baseline", "privileged"];
const OWNERS: Readonly<Record<PlannedNamespace["tenancy"], string>> = {
  app: "an app",
  platform: "the platform",
  system: "Kubernetes",
};

/** Sorted by name. The first to ask is the origin; the least confined level wins, with its reason. */
export function mergeNamespaces(
  wanted: readonly PlannedNamespace[],
  report: (found: Diagnostic) => void,
): PlannedNamespace[] {
  const merged = new Map<string, PlannedNamespace>();
  for (const namespace of wanted) {
    const first = merged.get(namespace.name);
    if (first !== undefined && first.tenancy !== namespace.tenancy) {
      report(contested(first, namespace));
    }
    merged.set(namespace.name, first === undefined ? namespace : widest(first, namespace));
  }
  return [...merged.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Points at the app, which is the one a person can move. */
function contested(first: PlannedNamespace, second: PlannedNamespace): Diagnostic {
  const [moved, other] = second.tenancy === "app" ? [second, first] : [first, second];
  return contestedNamespace(moved.origin, {
    namespace: moved.name,
    tenancies: [OWNERS[moved.tenancy], OWNERS[other.tenancy]],
    first: other.origin,
  });
}

function widest(first: PlannedNamespace, second: PlannedNamespace): PlannedNamespace {
  if (LEVELS.indexOf(second.podSecurity) <= LEVELS.indexOf(first.podSecurity)) return first;
  const { podSecurity, podSecurityReason } = second;
  return {
    ...first,
    podSecurity,
    ...(podSecurityReason === undefined ? {} : { podSecurityReason }),
  };
}
