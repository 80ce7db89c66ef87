// Essential validation of persistent volume claims. Mirrors ValidatePersistentVolumeClaim of pkg/apis/core/validation.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt } from "./fields.ts";
import { validateStorageRequest } from "./resources.ts";

const ACCESS_MODES: readonly string[] = [
  "ReadOnlyMany",
  "ReadWriteMany",
  "ReadWriteOnce",
  "ReadWriteOncePod",
];

export function validateClaim(claim: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(claim, "spec");
  const modes = Array.isArray(spec["accessModes"]) ? spec["accessModes"].map(String) : [];
  const unknown = modes.filter((mode) => !ACCESS_MODES.includes(mode));
  return [
    ...(modes.length === 0
      ? [requiredField("spec.accessModes", "at least 1 access mode is required")]
      : []),
    ...unknown.map((mode) => unsupportedField("spec.accessModes", mode, ACCESS_MODES)),
    ...validateStorageRequest("spec.resources", recordAt(spec, "resources")),
  ];
}

const IMMUTABLE =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** The volume is set once by the binder; a bound claim may ask for more. */
export function validateClaimUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const isBound = recordAt(old, "status")["phase"] === "Bound";
  const before = fixedPart(old, isBound);
  const after = fixedPart(next, isBound);
  const hadVolume = before["volumeName"] !== undefined && before["volumeName"] !== "";
  if (!hadVolume) {
    before["volumeName"] = after["volumeName"];
    before["storageClassName"] ??= after["storageClassName"];
  }
  return deepEqual(before, after) ? [] : [forbiddenField("spec", IMMUTABLE)];
}

function fixedPart(claim: KubernetesObject, isBound: boolean): Record<string, unknown> {
  const { volumeAttributesClassName, ...spec } = recordAt(claim, "spec");
  if (!isBound) return { ...spec, volumeAttributesClassName };
  const { requests: _requests, ...resources } = recordAt(spec, "resources");
  return { ...spec, resources };
}
