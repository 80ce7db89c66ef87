// Whether containers restart when they are resized. Mirrors validateResizePolicy of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordsAt, textAt } from "./fields.ts";

type Scope = Readonly<Record<string, unknown>>;

const RESOURCES: readonly string[] = ["cpu", "memory"];
const POLICIES: readonly string[] = ["NotRequired", "RestartContainer"];
const NO_CAUSES: readonly StatusCause[] = [];

/** `podPolicy` is the pod's own `restartPolicy`. */
export function validateResizePolicies(
  field: string,
  container: Scope,
  podPolicy: string,
): readonly StatusCause[] {
  if (container["resizePolicy"] === undefined) return NO_CAUSES;
  const at = `${field}.resizePolicy`;
  const seen = new Set<string>();
  return recordsAt(container, "resizePolicy").flatMap((rule, index) => {
    const resource = textAt(rule, "resourceName");
    const policy = textAt(rule, "restartPolicy");
    const isTwice = seen.has(resource);
    seen.add(resource);
    return [
      ...(isTwice ? [duplicateField(`${at}[${index}]`, resource)] : []),
      ...oneOf(at, resource, RESOURCES),
      ...oneOf(at, policy, POLICIES),
      ...restartFaults(at, policy, podPolicy),
    ];
  });
}

/** Of those that end before the others start there is nothing to restart. */
export function validateInitResizePolicies(
  field: string,
  container: Scope,
): readonly StatusCause[] {
  const isSidecar = container["restartPolicy"] === "Always";
  if (container["resizePolicy"] === undefined || isSidecar) return NO_CAUSES;
  const why = "must not be set to 'RestartContainer' for non-sidecar initContainers";
  return recordsAt(container, "resizePolicy").flatMap(({ restartPolicy }, index) =>
    restartPolicy === "RestartContainer"
      ? [invalidField(`${field}.resizePolicy[${index}].restartPolicy`, restartPolicy, why)]
      : NO_CAUSES,
  );
}

function oneOf(field: string, value: string, known: readonly string[]): readonly StatusCause[] {
  if (value === "") return [requiredField(field)];
  return known.includes(value) ? NO_CAUSES : [unsupportedField(field, value, known)];
}

function restartFaults(field: string, policy: string, podPolicy: string): readonly StatusCause[] {
  if (podPolicy !== "Never" || policy === "NotRequired") return NO_CAUSES;
  const why = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
  return [invalidField(field, policy, why)];
}
