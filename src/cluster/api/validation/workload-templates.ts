// The selector and the pod template that workloads share. Mirrors ValidatePodTemplateSpecForReplicaSet,
// ValidatePodTemplateSpecForStatefulSet and what is around them in kubernetes pkg/apis/apps/validation/validation.go @v1.36.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, LabelSelector, StatusCause } from "../../../kubernetes/index.ts";
import { labelRequirements, matchesLabels } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, textAt, textsAt } from "./fields.ts";
import { printSelector, sortedRecord, validateLabelSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const ALWAYS = ["Always"];
const SELECTOR = "spec.selector";

export function validateWorkloadSelector(spec: Scope, kind: string): Causes {
  if (!isRecord(spec["selector"])) return [requiredField(SELECTOR)];
  return [...validateLabelSelector(SELECTOR, spec["selector"]), ...emptySelector(spec, kind)];
}

export function emptySelector(spec: Scope, kind: string): Causes {
  const { selector } = spec;
  if (!isRecord(selector) || requirementsOf(selector).length > 0) return [];
  return [invalidField(SELECTOR, printSelector(selector), `empty selector is invalid for ${kind}`)];
}

/** Of a selector that is none, nothing can be said about the template. */
export function hasSelectorFaults(spec: Scope): boolean {
  return validateLabelSelector(SELECTOR, recordAt(spec, "selector")).length > 0;
}

/** A selector that is not there selects nothing, and an empty one everything. */
export function validateTemplateLabels(spec: Scope, field = "spec"): Causes {
  const metadata = recordAt(recordAt(spec, "template"), "metadata");
  const { selector } = spec;
  const labels = textsAt(metadata, "labels");
  if (isRecord(selector) && selects(selector, labels)) return [];
  const shown = metadata["labels"] === undefined ? null : sortedRecord(Object.entries(labels));
  const why = "`selector` does not match template `labels`";
  return [invalidField(`${field}.template.metadata.labels`, shown, why)];
}

export function selects(selector: Scope, labels: Readonly<Record<string, string>>): boolean {
  return matchesLabels(requirementsOf(selector), labels);
}

function requirementsOf(selector: Scope): ReturnType<typeof labelRequirements> {
  // Decoding has established its fields.
  return labelRequirements(selector as LabelSelector);
}

/** Pods of workloads run for as long as the workload is there. */
export function validateEndlessPods(spec: Scope, kind: string): Causes {
  const field = "spec.template.spec";
  const pods = recordAt(recordAt(spec, "template"), "spec");
  const policy = textAt(pods, "restartPolicy");
  const deadline = `activeDeadlineSeconds in ${kind} is not Supported`;
  return [
    ...(policy === "Always" ? [] : [unsupportedField(`${field}.restartPolicy`, policy, ALWAYS)]),
    ...(pods["activeDeadlineSeconds"] === undefined
      ? []
      : [forbiddenField(`${field}.activeDeadlineSeconds`, deadline)]),
  ];
}

export function validateSelectorUnchanged(next: KubernetesObject, old: KubernetesObject): Causes {
  const { selector } = recordAt(next, "spec");
  if (deepEqual(selector, recordAt(old, "spec")["selector"])) return [];
  return [invalidField(SELECTOR, printSelector(selector), "field is immutable")];
}
