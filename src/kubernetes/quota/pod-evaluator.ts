// What a pod uses: itself, and the cpu, memory, storage and devices it asks for, until it has ended.
// Mirrors pkg/quota/v1/evaluator/core/pods.go @v1.36.

import type { Quantity } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import { isTerminal } from "../scheduling/index.ts";
import type { Container, Pod } from "../scheduling/index.ts";
import type { QuotaEvaluator } from "./evaluator.ts";
import { podInScope } from "./pod-scopes.ts";
import { podTotals } from "./pod-totals.ts";
import { addAllQuantities, ONE, readQuantities } from "./quantities.ts";
import type { Quantities } from "./quantities.ts";

const COMPUTE = ["cpu", "memory", "ephemeral-storage"];

const NAMES: ReadonlySet<string> = new Set([
  "count/pods",
  "pods",
  ...COMPUTE.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);

/** Quotas on these oblige every container to state them; that was a mistake upstream keeps for those six alone. */
const OBLIGATORY: ReadonlySet<string> = new Set(
  ["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);

export const podEvaluator: QuotaEvaluator = {
  handles: ({ operation, subresource }) =>
    (operation === "CREATE" && (subresource === "" || subresource === "resize")) ||
    (operation === "UPDATE" && subresource === "resize"),
  measures: (name) =>
    NAMES.has(name) ||
    name.startsWith("hugepages-") ||
    name.startsWith("requests.hugepages-") ||
    (name.startsWith("requests.") && isExtended(name)),
  usage: (object, now) => podUsage(object as Pod, now),
  inScope: podInScope,
  lacks: (required, object) => lacking(required, object as Pod),
};

function podUsage(pod: Pod, now: number): Quantities {
  const used = new Map<string, Quantity>([["count/pods", ONE]]);
  if (!holdsResources(pod, now)) return used;
  const options = { statuses: pod.status };
  const requests = podTotals(pod.spec, "requests", options);
  addAllQuantities(used, computeUsage(requests, podTotals(pod.spec, "limits", options)));
  return used;
}

/** Neither ended nor past the end of its grace period on a node that may be lost. */
export function holdsResources(pod: Pod, now: number): boolean {
  if (isTerminal(pod)) return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function computeUsage(requests: Quantities, limits: Quantities): Map<string, Quantity> {
  const used = new Map<string, Quantity>([["pods", ONE]]);
  for (const name of COMPUTE) {
    const request = requests.get(name);
    const limit = limits.get(name);
    if (request !== undefined) used.set(name, request).set(`requests.${name}`, request);
    if (limit !== undefined) used.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    const huge = name.startsWith("hugepages-");
    if (huge) used.set(name, request);
    if (huge || (isExtended(name) && !name.startsWith("requests."))) {
      used.set(`requests.${name}`, request);
    }
  }
  return used;
}

/** A name with a domain that is not Kubernetes' own. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

function lacking(required: readonly string[], { spec }: Pod): string | undefined {
  const obligatory = required.filter((name) => OBLIGATORY.has(name)).toSorted();
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const texts = obligatory.flatMap((name) => {
    const without = containers.filter((container) => !stated(container).has(name));
    if (without.length === 0) return [];
    const names = [...new Set(without.map((container) => container.name))].toSorted();
    return [`${name} for: ${names.join(",")}`];
  });
  return texts.length === 0 ? undefined : `must specify ${texts.join("; ")}`;
}

function stated({ resources }: Container): Quantities {
  return computeUsage(readQuantities(resources?.requests), readQuantities(resources?.limits));
}

/** Whether a change of a pod gives something back to its quotas. */
export function releases(current: KubernetesObject, old: KubernetesObject, now: number): boolean {
  return holdsResources(old as Pod, now) && !holdsResources(current as Pod, now);
}
