// Names of resources that are counted. Mirrors validateResourceName and validateContainerResourceName of kubernetes
// pkg/apis/core/validation/validation.go and pkg/apis/core/helper/helpers.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, unsupportedField } from "../field-error.ts";
import { qualifiedNameFaults } from "./labels.ts";

type Causes = readonly StatusCause[];

const CONTAINER = ["cpu", "memory", "ephemeral-storage"];
const COUNTED: ReadonlySet<string> = new Set([
  "pods",
  "resourcequotas",
  "services",
  "services.nodeports",
  "services.loadbalancers",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
]);
const STANDARD: ReadonlySet<string> = new Set([
  ...CONTAINER,
  ...COUNTED,
  "storage",
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "requests.storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
]);
const NATIVE_PREFIX = "kubernetes.io/";
const REQUESTS_PREFIX = "requests.";

export function validateResourceName(field: string, name: string): Causes {
  const faults = qualifiedNameFaults(name);
  if (faults.length > 0) return faults.map((fault) => invalidField(field, name, fault));
  if (name.includes("/") || isStandard(name)) return [];
  return [invalidField(field, name, "must be a standard resource type or fully qualified")];
}

const POD_LEVEL = ["cpu", "hugepages-", "memory"];

/** Of a pod as a whole. */
export function validatePodResourceName(field: string, name: string): Causes {
  const causes = validateResourceName(field, name);
  if (causes.length > 0 || name === "cpu" || name === "memory" || isHugePages(name)) return causes;
  return [unsupportedField(field, name, POD_LEVEL)];
}

export function validateContainerResourceName(field: string, name: string): Causes {
  const causes = validateResourceName(field, name);
  const fault = containerFault(name);
  return fault === undefined ? causes : [...causes, invalidField(field, name, fault)];
}

function containerFault(name: string): string | undefined {
  if (!name.includes("/")) {
    const isKnown = CONTAINER.includes(name) || isHugePages(name);
    return isKnown ? undefined : "must be a standard resource for containers";
  }
  if (isNativeResource(name) || isExtended(name)) return undefined;
  return "doesn't follow extended resource name standard";
}

/** There is no half of one. */
export function isIntegerResource(name: string): boolean {
  return COUNTED.has(name) || (!isNativeResource(name) && isExtended(name));
}

function isStandard(name: string): boolean {
  return STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name);
}

export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** Kubernetes' own, which more may be promised of than there is, huge pages apart. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || name.includes(NATIVE_PREFIX);
}

/** A quota names it with `requests.` before it, and that has to be a name too. */
function isExtended(name: string): boolean {
  return (
    !name.startsWith(REQUESTS_PREFIX) && qualifiedNameFaults(REQUESTS_PREFIX + name).length === 0
  );
}
