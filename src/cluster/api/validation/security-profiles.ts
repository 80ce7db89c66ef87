// Seccomp and AppArmor profiles. Mirrors validateSeccompProfileField and ValidateAppArmorProfileField of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { invalidField, requiredField, tooLongField, unsupportedField } from "../field-error.ts";
import { textAt } from "./fields.ts";
import { printStruct } from "./print-struct.ts";
import { validateDescendingPath } from "./relative-paths.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

const TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];
const SECCOMP = { Type: "", LocalhostProfile: null };
/** A path has at most one byte more, for its end. */
const APP_ARMOR_LENGTH_MAX = 4095;

export function validateSeccompProfile(field: string, profile: Scope): Causes {
  const path = profile["localhostProfile"];
  const at = `${field}.localhostProfile`;
  const types = typeFaults(`${field}.type`, textAt(profile, "type"), "seccompProfile");
  if (profile["type"] === "Localhost") {
    return typeof path === "string"
      ? validateDescendingPath(at, path)
      : [requiredField(at, "must be set when seccomp type is Localhost")];
  }
  if (path === undefined) return types;
  const why = "can only be set when seccomp type is Localhost";
  return [...types, invalidField(at, printStruct(SECCOMP, profile), why)];
}

function typeFaults(field: string, type: string, part: string): Causes {
  if (TYPES.includes(type)) return NO_CAUSES;
  if (type === "") return [requiredField(field, `type is required when ${part} is set`)];
  return [unsupportedField(field, type, TYPES)];
}

export function validateAppArmorProfile(field: string, profile: Scope): Causes {
  const type = textAt(profile, "type");
  const path = profile["localhostProfile"];
  const at = `${field}.localhostProfile`;
  if (type === "Localhost") return appArmorNameFaults(at, path);
  const causes = typeFaults(`${field}.type`, type, "appArmorProfile");
  if (causes.length > 0 || path === undefined) return causes;
  return [invalidField(at, path, "can only be set when AppArmor type is Localhost")];
}

function appArmorNameFaults(field: string, name: unknown): Causes {
  const missing = requiredField(field, "must be set when AppArmor type is Localhost");
  if (typeof name !== "string" || name === "") return [missing];
  const isPadded = name.trim() !== name;
  return [
    ...(isPadded ? [invalidField(field, name, "must not be padded with whitespace")] : []),
    ...(name.length > APP_ARMOR_LENGTH_MAX ? [tooLongField(field, APP_ARMOR_LENGTH_MAX)] : []),
  ];
}
