// Disruption budgets and network policies that select no pod protect nobody, usually because of a mistyped label.

import { defineDiagnostic } from "../../core/index.ts";
import type { LabelSelector } from "../../kubernetes/index.ts";
import { displayRef, labelRequirements, matchesLabels, refOf } from "../../kubernetes/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const protectsNothing = defineDiagnostic<{ object: string }>({
  code: "verify/protects-nothing",
  severity: "warning",
  message: ({ object }) => `${object} selects no pod of its namespace`,
});

const SELECTOR_FIELD: Readonly<Record<string, string>> = {
  NetworkPolicy: "podSelector",
  PodDisruptionBudget: "selector",
};

export const checkSelectors: Check = function* (view) {
  for (const { object, origin } of view.objects) {
    const field = SELECTOR_FIELD[object.kind];
    if (field === undefined) continue;
    // The schema check reports a selector of another shape.
    const selector = recordOf(recordOf(object["spec"])[field]) as LabelSelector;
    // An empty selector means the whole namespace, whatever comes to live there.
    if (Object.keys(selector).length === 0) continue;
    if (!selectsSomething(selector, object.metadata.namespace ?? "default", view)) {
      yield protectsNothing(origin.path, { object: displayRef(refOf(object)) });
    }
  }
};

function selectsSomething(
  selector: LabelSelector,
  namespace: string,
  { pods, graph }: TargetView,
): boolean {
  const requirements = labelRequirements(selector);
  return [...pods, ...graph.workloads].some(
    (pod) => pod.namespace === namespace && matchesLabels(requirements, pod.labels),
  );
}
