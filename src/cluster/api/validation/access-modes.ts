// How a volume may be mounted, of volumes and claims alike. Mirrors ValidatePersistentVolumeSpec and
// ValidatePersistentVolumeClaimSpec of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, requiredField, unsupportedField } from "../field-error.ts";

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** `missing` is said where there is none. */
export function validateAccessModes(
  field: string,
  modes: readonly string[],
  missing = "",
): readonly StatusCause[] {
  const known = modes.filter((mode) => ACCESS_MODES.includes(mode));
  const single = known.filter((mode) => mode === "ReadWriteOncePod");
  const isMixed = single.length > 0 && single.length < known.length;
  const mixed = "may not use ReadWriteOncePod with other access modes";
  return [
    ...(modes.length === 0 ? [requiredField(field, missing)] : []),
    ...modes
      .filter((mode) => !ACCESS_MODES.includes(mode))
      .map((mode) => unsupportedField(field, mode, ACCESS_MODES)),
    ...(isMixed ? [forbiddenField(field, mixed)] : []),
  ];
}
