// What a container may be told of its own pod. Mirrors validateObjectFieldSelector and validateContainerResourceFieldSelector of
// kubernetes pkg/apis/core/validation/validation.go, and pkg/apis/core/pods/helpers.go @v1.36.

import { canonicalQuantity, parseQuantity, plainText } from "../../../core/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import type { Causes, Judge, Scope } from "./walk-fields.ts";
import { invalidAll, NO_CAUSES } from "./walk-fields.ts";

/** Every field that has a name. */
const LABELS: ReadonlySet<string> = new Set([
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.serviceAccountName",
  "spec.schedulerName",
  "status.phase",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
]);
const MAPS: readonly string[] = ["metadata.annotations", "metadata.labels"];

/** `known` are the fields that may be referred to as a whole, sorted. */
export function fieldReference(known: readonly string[]): Judge {
  return (field, reference) => {
    const version = textAt(reference, "apiVersion");
    const path = textAt(reference, "fieldPath");
    if (version === "") return [requiredField(`${field}.apiVersion`)];
    if (path === "") return [requiredField(`${field}.fieldPath`)];
    const refused = refusal(version, path);
    if (refused !== undefined) {
      const why = `error converting fieldPath: ${refused}`;
      return [invalidField(`${field}.fieldPath`, path, why)];
    }
    const entry = entryOf(path);
    if (entry !== undefined) return validateEntry(field, entry);
    const whole = path === "spec.host" ? "spec.nodeName" : path;
    if (known.includes(whole)) return NO_CAUSES;
    return [unsupportedField(`${field}.fieldPath`, whole, known)];
  };
}

interface Entry {
  readonly map: string;
  readonly key: string;
}

/** `metadata.labels['key']`. */
function entryOf(path: string): Entry | undefined {
  const start = path.indexOf("['");
  if (!path.endsWith("']") || start < 1) return undefined;
  return { map: path.slice(0, start), key: path.slice(start + 2, -2) };
}

function refusal(version: string, path: string): string | undefined {
  if (version !== "v1") return `unsupported pod version: ${version}`;
  const entry = entryOf(path);
  if (entry === undefined) {
    const isKnown = LABELS.has(path) || path === "spec.host";
    return isKnown ? undefined : `field label not supported: ${path}`;
  }
  return MAPS.includes(entry.map) ? undefined : `field label does not support subscript: ${path}`;
}

function validateEntry(field: string, { map, key }: Entry): Causes {
  const name = map === "metadata.annotations" ? key.toLowerCase() : key;
  return invalidAll(field, name, qualifiedNameFaults(name));
}

const RESOURCES: readonly string[] = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const HUGE_PAGES = /^(limits|requests)\.hugepages-/;
const UNITS = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/** A container's own, or, of a volume, that of the container it names. */
export function resourceReference(owner: "container" | "volume"): Judge {
  return (field, reference) => {
    const resource = textAt(reference, "resource");
    const isUnnamed = owner === "volume" && textAt(reference, "containerName") === "";
    return [
      ...(isUnnamed
        ? [requiredField(`${field}.containerName`)]
        : resourceFaults(`${field}.resource`, resource)),
      ...divisorFaults(`${field}.divisor`, resource, reference),
    ];
  };
}

function resourceFaults(field: string, resource: string): Causes {
  if (resource === "") return [requiredField(field)];
  if (RESOURCES.includes(resource) || HUGE_PAGES.test(resource)) return NO_CAUSES;
  return [unsupportedField(field, resource, RESOURCES)];
}

function divisorFaults(field: string, resource: string, { divisor }: Scope): Causes {
  const text = plainText(divisor ?? "0");
  if ((parseQuantity(text)?.nanos ?? 0n) === 0n) return NO_CAUSES;
  const fault = divisorFault(resource, canonicalQuantity(text));
  return fault === undefined ? NO_CAUSES : [invalidField(field, resource, fault)];
}

function divisorFault(resource: string, divisor: string): string | undefined {
  if (resource.endsWith(".cpu") && RESOURCES.includes(resource)) {
    const isUnit = divisor === "1" || divisor === "1m";
    return isUnit
      ? undefined
      : "only divisor's values 1m and 1 are supported with the cpu resource";
  }
  const kind = kindOf(resource);
  if (kind === undefined || UNITS.includes(divisor)) return undefined;
  return `only divisor's values ${UNITS.join(", ")} are supported with the ${kind} resource`;
}

function kindOf(resource: string): string | undefined {
  if (HUGE_PAGES.test(resource)) return "hugepages";
  if (!RESOURCES.includes(resource)) return undefined;
  return resource.endsWith(".memory") ? "memory" : "local ephemeral storage";
}
