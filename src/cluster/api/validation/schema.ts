// What the schema of a kind says against an object, as causes of a 422. Unknown fields were dealt with when decoding.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { validateObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";

/** `part` is `status` when only the status was written. Built-in kinds are validated by their own rules. */
export function validateSchema(
  { facts }: Resource,
  object: KubernetesObject,
  part: "object" | "status" = "object",
): readonly StatusCause[] {
  if (facts.custom === undefined) return [];
  const problems = validateObject(object, facts, {
    unknownFields: "ignore",
    status: part === "status" ? "written" : "ignored",
  });
  return problems.filter(({ severity }) => severity === "error").map(({ cause }) => cause);
}
