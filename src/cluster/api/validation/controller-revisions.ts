// Validation of ControllerRevisions. Mirrors ValidateControllerRevisionCreate and ValidateControllerRevisionUpdate of kubernetes
// pkg/apis/apps/validation/validation.go @v1.36.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { notNegative } from "./int-or-percent.ts";

type Causes = readonly StatusCause[];

export function validateNewRevision(revision: KubernetesObject): Causes {
  const { data } = revision;
  const counted = notNegative(revision, "revision", "revision");
  if (isRecord(data)) return counted;
  const isNothing = data === undefined || data === null;
  const why = isNothing ? "data is mandatory" : "data must be a valid JSON object";
  return [...counted, requiredField("data", why)];
}

export function validateRevisionUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const { data } = next;
  const isSame = deepEqual(data, old["data"]);
  return [
    ...notNegative(next, "revision", "revision"),
    ...(isSame ? [] : [invalidField("data", data, "field is immutable")]),
  ];
}
