// Essential validation of batch/v1. Mirrors kubernetes pkg/apis/batch/validation/validation.go.

import { deepEqual, validateCron, validateTimeZone } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { validatePodTemplate } from "./pods.ts";
import { printGo } from "./print-go.ts";
import { notNegative, oneOf } from "./workloads.ts";

type Scope = Readonly<Record<string, unknown>>;

const JOB_RESTART_POLICIES: readonly string[] = ["OnFailure", "Never"];

export function validateJob(job: KubernetesObject): readonly StatusCause[] {
  return validateJobSpec("spec", recordAt(job, "spec"));
}

function validateJobSpec(field: string, spec: Scope): readonly StatusCause[] {
  const counts = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
  ];
  const policy = textAt(recordAt(recordAt(spec, "template"), "spec"), "restartPolicy");
  const template = validatePodTemplate(`${field}.template`, recordAt(spec, "template"), [
    "Always",
    ...JOB_RESTART_POLICIES,
  ]);
  return [
    ...counts.flatMap((name) => notNegative(spec, name, `${field}.${name}`)),
    ...template,
    ...(JOB_RESTART_POLICIES.includes(policy)
      ? []
      : [unsupportedField(`${field}.template.spec.restartPolicy`, policy, JOB_RESTART_POLICIES)]),
  ];
}

export function validateJobUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(next, "spec");
  const before = recordAt(old, "spec");
  return ["completions", "selector", "template", "completionMode"]
    .filter((field) => !deepEqual(spec[field], before[field]))
    .filter((field) => field !== "template" || before["suspend"] !== true)
    .map((field) => ({
      reason: "FieldValueInvalid",
      message: `Invalid value: ${printGo(spec[field])}: field is immutable`,
      field: `spec.${field}`,
    }));
}

export function validateCronJob(cronJob: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(cronJob, "spec");
  const schedule = textAt(spec, "schedule");
  const causes: StatusCause[] = [];
  if (schedule === "") causes.push(requiredField("spec.schedule"));
  else causes.push(...scheduleFaults(schedule));
  const zone = textAt(spec, "timeZone");
  if (zone !== "" && validateTimeZone(zone) !== undefined) {
    causes.push(invalidField("spec.timeZone", zone, `unknown time zone ${zone}`));
  }
  return [
    ...causes,
    ...notNegative(spec, "startingDeadlineSeconds"),
    ...oneOf("spec.concurrencyPolicy", spec["concurrencyPolicy"], ["Allow", "Forbid", "Replace"]),
    ...notNegative(spec, "successfulJobsHistoryLimit"),
    ...notNegative(spec, "failedJobsHistoryLimit"),
    ...validateJobSpec("spec.jobTemplate.spec", recordAt(recordAt(spec, "jobTemplate"), "spec")),
  ];
}

/** The number of fields is what most people get wrong, so it has the server's own sentence. */
function scheduleFaults(schedule: string): readonly StatusCause[] {
  const fields = schedule.trim().split(/\s+/);
  if (!schedule.startsWith("@") && fields.length !== 5) {
    const why = `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
    return [invalidField("spec.schedule", schedule, why)];
  }
  return validateCron(schedule).map((fault) => invalidField("spec.schedule", schedule, fault));
}
