// Paths inside volumes, which may lead nowhere else. Mirrors validateLocalDescendingPath, validatePathNoBacksteps and
// ValidateLocalNonReservedPath of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { invalidField } from "../field-error.ts";
import type { Causes } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

/** No part is `..`. */
export function validateNoBacksteps(field: string, path: string): Causes {
  if (!path.includes("..") || !path.split("/").includes("..")) return NO_CAUSES;
  return [invalidField(field, path, "must not contain '..'")];
}

export function validateDescendingPath(field: string, path: string): Causes {
  const backsteps = validateNoBacksteps(field, path);
  if (!path.startsWith("/")) return backsteps;
  return [invalidField(field, path, "must be a relative path"), ...backsteps];
}

/** Names that begin with two dots are those of the node itself. */
export function validateFreePath(field: string, path: string): Causes {
  const causes = validateDescendingPath(field, path);
  if (!path.startsWith("..") || path.startsWith("../")) return causes;
  return [...causes, invalidField(field, path, "must not start with '..'")];
}
