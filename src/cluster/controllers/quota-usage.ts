// What the objects of a namespace use of a quota. Pure. Mirrors pkg/quota/v1/evaluator/core (pods, services,
// persistent_volume_claims) and generic (count/<resource>.<group>).

import { formatQuantity } from "../../core/index.ts";
import { isTerminal, parseAmounts, podRequests, resourceAmount } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { ResourceQuota, ScopeRequirement } from "./policy-kinds.ts";
import type { Service } from "./service-kinds.ts";
import type { PersistentVolumeClaim } from "./storage-kinds.ts";

/** The objects of one namespace that quotas can count. */
export interface QuotaObjects {
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly claims: readonly PersistentVolumeClaim[];
  /** How many objects there are of a resource: `deployments.apps`, `secrets`. */
  count(resource: string): number;
}

const CLASS_SUFFIX = ".storageclass.storage.k8s.io/";
const PLAIN_COUNTS: ReadonlySet<string> = new Set([
  "configmaps",
  "secrets",
  "replicationcontrollers",
  "resourcequotas",
]);

/** `status.used` for every resource in `spec.hard`. */
export function quotaUsage(
  quota: ResourceQuota,
  objects: QuotaObjects,
): Readonly<Record<string, string>> {
  const pods = objects.pods.filter((pod) => !isTerminal(pod) && inQuotaScope(quota, pod));
  const used: Record<string, string> = {};
  for (const resource of Object.keys(quota.spec.hard ?? {})) {
    used[resource] = usageOf(resource, { ...objects, pods });
  }
  return used;
}

function usageOf(resource: string, objects: QuotaObjects): string {
  const { pods, services, claims } = objects;
  if (resource === "pods") return String(pods.length);
  if (resource.startsWith("count/")) return String(objects.count(resource.slice("count/".length)));
  if (PLAIN_COUNTS.has(resource)) return String(objects.count(resource));
  if (resource === "services") return String(services.length);
  if (resource === "services.loadbalancers") {
    return String(services.filter(({ spec }) => spec?.type === "LoadBalancer").length);
  }
  if (resource === "services.nodeports") return String(sum(services.map(nodePorts)));
  if (resource.includes(CLASS_SUFFIX)) return classUsage(resource, claims);
  if (resource === "persistentvolumeclaims") return String(claims.length);
  if (resource === "requests.storage") return formatAmount("storage", sum(claims.map(storageOf)));
  return computeUsage(resource, pods);
}

function nodePorts({ spec }: Service): number {
  const counts = spec?.type === "NodePort" || spec?.type === "LoadBalancer";
  return counts ? (spec?.ports ?? []).length : 0;
}

/** `gold.storageclass.storage.k8s.io/requests.storage`. */
function classUsage(resource: string, claims: readonly PersistentVolumeClaim[]): string {
  const [name = "", what = ""] = resource.split(CLASS_SUFFIX);
  const own = claims.filter(({ spec }) => spec.storageClassName === name);
  return what === "requests.storage"
    ? formatAmount("storage", sum(own.map(storageOf)))
    : String(own.length);
}

function storageOf({ spec }: PersistentVolumeClaim): number {
  return resourceAmount("storage", spec.resources?.requests?.["storage"] ?? 0);
}

/** `cpu` means `requests.cpu`; `limits.…` adds up limits; anything else is an extended resource. */
function computeUsage(resource: string, pods: readonly Pod[]): string {
  if (resource.startsWith("limits.")) {
    const name = resource.slice("limits.".length);
    return formatAmount(name, sum(pods.map((pod) => limitOf(pod, name))));
  }
  const name = resource.replace(/^requests\./, "");
  return formatAmount(name, sum(pods.map(({ spec }) => podRequests(spec).get(name) ?? 0)));
}

function limitOf({ spec }: Pod, name: string): number {
  const limits = ({
    resources,
  }: {
    readonly resources?: { readonly limits?: Readonly<Record<string, string | number>> };
  }): number => parseAmounts(resources?.limits).get(name) ?? 0;
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  const others = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy !== "Always",
  );
  const running = sum([...spec.containers, ...sidecars].map(limits));
  return Math.max(running, sum(sidecars.map(limits)) + Math.max(0, ...others.map(limits)));
}

function formatAmount(resource: string, amount: number): string {
  if (resource === "cpu") {
    return formatQuantity({ nanos: BigInt(amount) * 1_000_000n, format: "DecimalSI" });
  }
  const binary = resource === "memory" || resource.endsWith("storage");
  return formatQuantity({
    nanos: BigInt(amount) * 1_000_000_000n,
    format: binary ? "BinarySI" : "DecimalSI",
  });
}

/** Every scope of the quota has to match the pod. */
export function inQuotaScope({ spec }: ResourceQuota, pod: Pod): boolean {
  const requirements: readonly ScopeRequirement[] = [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" as const })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ];
  return requirements.every((requirement) => matchesScope(requirement, pod));
}

function matchesScope({ scopeName, operator, values = [] }: ScopeRequirement, pod: Pod): boolean {
  if (scopeName === "PriorityClass") {
    const name: unknown = (pod.spec as { readonly priorityClassName?: string }).priorityClassName;
    const has = typeof name === "string" && name !== "";
    if (operator === "Exists") return has;
    if (operator === "DoesNotExist") return !has;
    return (has && values.includes(String(name))) === (operator === "In");
  }
  const deadline = pod.spec.activeDeadlineSeconds !== undefined;
  switch (scopeName) {
    case "BestEffort":
      return isBestEffort(pod);
    case "NotBestEffort":
      return !isBestEffort(pod);
    case "Terminating":
      return deadline;
    case "NotTerminating":
      return !deadline;
    default:
      return true;
  }
}

function isBestEffort({ spec }: Pod): boolean {
  return [...spec.containers, ...(spec.initContainers ?? [])].every(
    ({ resources }) =>
      Object.keys(resources?.requests ?? {}).length +
        Object.keys(resources?.limits ?? {}).length ===
      0,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
