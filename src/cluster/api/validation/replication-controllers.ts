// Validation of ReplicationControllers. Mirrors ValidateReplicationControllerSpec and ValidatePodTemplateSpecForRC of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, textAt, textsAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";
import { RESTART_POLICIES, validatePodTemplate } from "./pods.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const ALWAYS: readonly string[] = ["Always"];

export function validateReplicationController(controller: KubernetesObject): Causes {
  const spec = recordAt(controller, "spec");
  const selector = textsAt(spec, "selector");
  return [
    ...notNegative(spec, "minReadySeconds"),
    ...(Object.keys(selector).length === 0 ? [requiredField("spec.selector")] : []),
    ...(spec["replicas"] === undefined
      ? [requiredField("spec.replicas")]
      : notNegative(spec, "replicas")),
    ...(isRecord(spec["template"])
      ? validateTemplate("spec.template", spec["template"], selector)
      : [requiredField("spec.template")]),
  ];
}

function validateTemplate(
  field: string,
  template: Scope,
  selector: Readonly<Record<string, string>>,
): Causes {
  const spec = recordAt(template, "spec");
  const policy = textAt(spec, "restartPolicy");
  const deadline = "activeDeadlineSeconds in ReplicationController is not Supported";
  return [
    ...selectorFaults(field, template, selector),
    ...validatePodTemplate(field, template, RESTART_POLICIES),
    ...(policy === "Always"
      ? []
      : [unsupportedField(`${field}.spec.restartPolicy`, policy, ALWAYS)]),
    ...(spec["activeDeadlineSeconds"] === undefined
      ? []
      : [forbiddenField(`${field}.spec.activeDeadlineSeconds`, deadline)]),
  ];
}

function selectorFaults(
  field: string,
  template: Scope,
  selector: Readonly<Record<string, string>>,
): Causes {
  const metadata = recordAt(template, "metadata");
  const labels = textsAt(metadata, "labels");
  if (Object.entries(selector).every(([key, value]) => labels[key] === value)) return [];
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const shown = metadata["labels"] === undefined ? null : Object.fromEntries(sorted);
  const why = "`selector` does not match template `labels`";
  return [invalidField(`${field}.metadata.labels`, shown, why)];
}
