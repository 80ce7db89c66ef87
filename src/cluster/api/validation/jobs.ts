// Validation of Jobs. Mirrors ValidateJob, ValidateJobSpec and validateGeneratedSelector of kubernetes
// pkg/apis/batch/validation/validation.go @v1.36. What changes is judged beside it.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { numberAt, recordAt, textsAt } from "./fields.ts";
import { validateJobFields } from "./job-fields.ts";
import { isLabel } from "./names.ts";
import {
  STRICT_SELECTOR,
  printSelector,
  sortedRecord,
  validateLabelSelector,
} from "./selectors.ts";
import type { SelectorOptions } from "./selectors.ts";
import { hasSelectorFaults, selects, validateTemplateLabels } from "./workload-templates.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export interface JobOptions extends SelectorOptions {
  /** Pods of older jobs were not labelled so. */
  readonly requirePrefixedLabels: boolean;
}

const STRICT: JobOptions = { ...STRICT_SELECTOR, requirePrefixedLabels: true };

export function validateNewJob(job: KubernetesObject): Causes {
  return validateJob(job, STRICT);
}

export function validateJob(job: KubernetesObject, options: JobOptions): Causes {
  const spec = recordAt(job, "spec");
  return [
    ...validateGeneratedSelector(job, options),
    ...validateJobSpec(spec, options),
    ...validateHostName(job.metadata.name, spec),
  ];
}

export function validateJobSpec(spec: Scope, options: JobOptions): Causes {
  const { selector } = spec;
  const faults = validateLabelSelector("spec.selector", recordAt(spec, "selector"), options);
  return [
    ...validateJobFields("spec", spec),
    ...(selector === undefined ? [requiredField("spec.selector")] : faults),
    ...(hasSelectorFaults(spec) ? [] : validateTemplateLabels(spec)),
  ];
}

const LEGACY = ["controller-uid", "job-name"] as const;
const PREFIXED = ["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"] as const;

/** Whether by hand or by the server: the labels tell the job's pods from all others. */
function validateGeneratedSelector(job: KubernetesObject, options: JobOptions): Causes {
  const spec = recordAt(job, "spec");
  if (spec["manualSelector"] === true || spec["selector"] === undefined) return [];
  const { uid = "", name } = job.metadata;
  const keys = options.requirePrefixedLabels ? [...LEGACY, ...PREFIXED] : LEGACY;
  const wanted = keys.map((key) => [key, key.endsWith("uid") ? uid : name] as const);
  const labels = textsAt(recordAt(recordAt(spec, "template"), "metadata"), "labels");
  const isGenerated =
    hasSelectorFaults(spec) || selects(recordAt(spec, "selector"), Object.fromEntries(wanted));
  const shown = printSelector(spec["selector"]);
  return [
    ...(uid === "" ? [requiredField("metadata.uid")] : []),
    ...wanted.flatMap(([key, value]) => labelFault(labels, key, value)),
    ...(isGenerated ? [] : [invalidField("spec.selector", shown, "`selector` not auto-generated")]),
  ];
}

function labelFault(labels: Readonly<Record<string, string>>, key: string, wanted: string): Causes {
  const field = `spec.template.metadata.labels[${key}]`;
  const why = `must be '${wanted}'`;
  if (labels[key] === undefined) return [requiredField(field, why)];
  if (labels[key] === wanted) return [];
  return [invalidField(field, sortedRecord(Object.entries(labels)), why)];
}

/** A pod of an indexed job has its index in the name of its host. */
function validateHostName(name: string, spec: Scope): Causes {
  const completions = numberAt(spec, "completions") ?? 0;
  if (spec["completionMode"] !== "Indexed" || completions <= 0) return [];
  const last = `${name}-${completions - 1}`;
  if (isLabel(last)) return [];
  const why = `will not able to create pod with invalid DNS label: ${last}`;
  return [invalidField("metadata.name", name, why)];
}
