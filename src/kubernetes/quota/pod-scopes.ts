// Which scopes of a quota a pod falls into. Mirrors podMatchesScopeFunc of pkg/quota/v1/evaluator/core/pods.go @v1.36.

import type { KubernetesObject } from "../object.ts";
import type { Container, Pod, PodAffinityTerm, PodSpec } from "../scheduling/index.ts";
import { readQuantities } from "./quantities.ts";
import type { ScopeRequirement } from "./resource-quota.ts";
import { matchesNames } from "./scope-values.ts";

export function podInScope(requirement: ScopeRequirement, object: KubernetesObject): boolean {
  const pod = object as Pod;
  switch (requirement.scopeName) {
    case "Terminating":
      return ends(pod);
    case "NotTerminating":
      return !ends(pod);
    case "BestEffort":
      return isBestEffort(pod);
    case "NotBestEffort":
      return !isBestEffort(pod);
    case "PriorityClass": {
      const { priorityClassName } = pod.spec as { readonly priorityClassName?: string };
      return matchesNames(requirement, priorityClassName ? [priorityClassName] : []);
    }
    case "CrossNamespacePodAffinity":
      return looksAcrossNamespaces(pod.spec);
    default:
      return false;
  }
}

function ends({ spec }: Pod): boolean {
  return spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
}

/** Nothing asks for cpu or memory; the class in the status counts once it is there. */
function isBestEffort({ spec, status }: Pod): boolean {
  if (status?.qosClass !== undefined) return status.qosClass === "BestEffort";
  if (asks(spec.resources)) return false;
  return [...spec.containers, ...(spec.initContainers ?? [])].every(
    ({ resources }) => !asks(resources),
  );
}

function asks(resources: Container["resources"]): boolean {
  return [resources?.requests, resources?.limits].some((list) => {
    const quantities = readQuantities(list);
    return ["cpu", "memory"].some((name) => (quantities.get(name)?.nanos ?? 0n) > 0n);
  });
}

function looksAcrossNamespaces({ affinity }: PodSpec): boolean {
  const rules = [affinity?.podAffinity, affinity?.podAntiAffinity];
  return rules.some(
    (one) =>
      (one?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(isAcross) ||
      (one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).some(({ podAffinityTerm }) =>
        isAcross(podAffinityTerm),
      ),
  );
}

function isAcross({ namespaces = [], namespaceSelector }: PodAffinityTerm): boolean {
  return namespaces.length > 0 || namespaceSelector !== undefined;
}
