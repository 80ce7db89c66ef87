// A quota must leave room for every pod that may exist at once: replicas at the autoscaler's maximum and those an update
// adds on top.

import type { Diagnostic } from "../../core/index.ts";
import {
  addQuantities,
  compareQuantities,
  defineDiagnostic,
  formatQuantity,
  multiplyQuantity,
  parseQuantity,
  ZERO_QUANTITY,
} from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { workloadName } from "../../model/index.ts";
import { podsAtOnce } from "../pod-count.ts";
import type { PodTemplate } from "../pod-template.ts";
import { recordOf, textsOf } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const quotaTooSmall = defineDiagnostic<{
  object: string;
  resource: string;
  hard: string;
  needed: string;
}>({
  code: "verify/quota-too-small",
  severity: "error",
  message: ({ object, resource, hard, needed }) =>
    `${object} allows ${resource} ${hard}, and pods at their maximum need ${needed}`,
  hint: ({ resource, needed }) => `raise ${resource} to ${needed}, or lower scale.max`,
});

export const checkQuotas: Check = function* (view) {
  for (const quota of view.ofKind("ResourceQuota")) yield* checkQuota(quota, view);
};

function* checkQuota({ object, path }: SeenObject, view: TargetView): Iterable<Diagnostic> {
  const pods = view.pods.filter(({ namespace }) => namespace === object.metadata.namespace);
  for (const [resource, hard] of Object.entries(textsOf(recordOf(object["spec"])["hard"]))) {
    const limit = parseQuantity(hard);
    const needed = neededOf(resource, pods, view);
    if (limit === undefined || needed === undefined || compareQuantities(needed, limit) <= 0)
      continue;
    const facts = {
      object: displayRef(refOf(object)),
      resource,
      hard,
      needed: formatQuantity(needed),
    };
    yield quotaTooSmall(path, facts);
  }
}

const COUNTED: Readonly<
  Record<string, { readonly kind: "requests" | "limits"; readonly name: "cpu" | "memory" }>
> = {
  "requests.cpu": { kind: "requests", name: "cpu" },
  "requests.memory": { kind: "requests", name: "memory" },
  "limits.cpu": { kind: "limits", name: "cpu" },
  "limits.memory": { kind: "limits", name: "memory" },
};

/** `requests.cpu`, `limits.memory` or `pods`; undefined for what is counted otherwise. */
function neededOf(
  resource: string,
  pods: readonly PodTemplate[],
  view: TargetView,
): Quantity | undefined {
  if (resource === "pods") {
    const count = pods.reduce((sum, pod) => sum + podsAtOnce(pod, view), 0);
    return parseQuantity(count);
  }
  const counted = COUNTED[resource];
  if (counted === undefined) return undefined;
  const { kind, name } = counted;
  return pods
    .map((pod) => {
      const each = addQuantities(
        podResource(pod, kind, name),
        injectedResource(pod, kind, name, view),
      );
      return multiplyQuantity(each, podsAtOnce(pod, view));
    })
    .reduce(addQuantities, ZERO_QUANTITY);
}

/** Containers run together, init containers before them one by one; the larger counts. */
function podResource({ containers }: PodTemplate, kind: string, name: string): Quantity {
  const amounts = containers.map(({ fields, init }) => {
    const value = recordOf(recordOf(fields["resources"])[kind])[name];
    const amount =
      typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
    return { init, amount: amount ?? ZERO_QUANTITY };
  });
  const sum = amounts
    .filter(({ init }) => !init)
    .map(({ amount }) => amount)
    .reduce(addQuantities, ZERO_QUANTITY);
  return amounts
    .filter(({ init }) => init)
    .map(({ amount }) => amount)
    .reduce((max, amount) => (compareQuantities(amount, max) > 0 ? amount : max), sum);
}

/** What admission adds is in no template, and is counted all the same. */
function injectedResource(
  { namespace, compiled }: PodTemplate,
  kind: "requests" | "limits",
  name: "cpu" | "memory",
  { graph }: TargetView,
): Quantity {
  const injected = graph.workload(namespace, workloadName(compiled.object))?.injected ?? [];
  return injected
    .map((container) => parseQuantity(container[kind][name] ?? "0") ?? ZERO_QUANTITY)
    .reduce(addQuantities, ZERO_QUANTITY);
}
