// Validation of PodTemplates. Mirrors ValidatePodTemplate of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { recordAt } from "./fields.ts";
import { RESTART_POLICIES, validatePodTemplate } from "./pods.ts";

export function validateTemplateObject(object: KubernetesObject): readonly StatusCause[] {
  return validatePodTemplate("template", recordAt(object, "template"), RESTART_POLICIES);
}
