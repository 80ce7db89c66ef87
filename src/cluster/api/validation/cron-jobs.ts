// Validation of CronJobs. Mirrors ValidateCronJobCreate, ValidateCronJobUpdate and ValidateJobTemplateSpec of kubernetes
// pkg/apis/batch/validation/validation.go @v1.36.

import { validateChoice } from "./walk-fields.ts";
import { validateTimeZone } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { cronFault } from "./cron-faults.ts";
import { recordAt, textAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";
import { validateJobFields } from "./job-fields.ts";
import { printSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

/** Jobs are called by the time they are made at: 11 characters more, of 63. */
const NAME_MAX = 52;
const POLICIES = ["Allow", "Forbid", "Replace"];

export function validateNewCronJob(cronJob: KubernetesObject): Causes {
  const { name } = cronJob.metadata;
  const why = `must be no more than ${NAME_MAX} characters`;
  return [
    ...validateSpec(recordAt(cronJob, "spec"), undefined),
    ...(name.length > NAME_MAX ? [invalidField("metadata.name", name, why)] : []),
  ];
}

export function validateCronJobUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  return validateSpec(recordAt(next, "spec"), recordAt(old, "spec"));
}

function validateSpec(spec: Scope, before: Scope | undefined): Causes {
  const isSameZone = before !== undefined && before["timeZone"] === spec["timeZone"];
  return [
    ...validateSchedule("spec.schedule", spec, before),
    ...notNegative(spec, "startingDeadlineSeconds"),
    ...(isSameZone ? [] : validateZone("spec.timeZone", spec["timeZone"])),
    ...validateChoice("spec.concurrencyPolicy", spec["concurrencyPolicy"], POLICIES),
    ...validateTemplate("spec.jobTemplate.spec", spec),
    ...notNegative(spec, "successfulJobsHistoryLimit"),
    ...notNegative(spec, "failedJobsHistoryLimit"),
  ];
}

function validateSchedule(field: string, spec: Scope, before: Scope = {}): Causes {
  const schedule = textAt(spec, "schedule");
  if (schedule === "") return [requiredField(field)];
  const faults = [cronFault(schedule), zoneInSchedule(schedule, spec, before)];
  return faults.flatMap((fault) =>
    fault === undefined ? [] : [invalidField(field, schedule, fault)],
  );
}

function zoneInSchedule(schedule: string, spec: Scope, before: Scope): string | undefined {
  if (!schedule.includes("TZ")) return undefined;
  if (!textAt(before, "schedule").includes("TZ")) {
    return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
  }
  const isTwice = spec["timeZone"] !== undefined;
  return isTwice ? "cannot use both timeZone field and TZ or CRON_TZ in schedule" : undefined;
}

function validateZone(field: string, zone: unknown): Causes {
  if (typeof zone !== "string") return [];
  if (zone === "") return [invalidField(field, zone, "timeZone must be nil or non-empty string")];
  const unknown = `unknown time zone ${zone}`;
  if (!zone.split("/").every(isZonePart)) return [invalidField(field, zone, unknown)];
  const local =
    "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
  const isLocal = zone.toLowerCase() === "local";
  const isKnown = zone === "Local" || validateTimeZone(zone) === undefined;
  return [
    ...(isLocal ? [invalidField(field, zone, local)] : []),
    ...(isKnown ? [] : [invalidField(field, zone, unknown)]),
  ];
}

function isZonePart(part: string): boolean {
  return /^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$/.test(part) && part !== "." && part !== "..";
}

/** Every job has a selector of its own. */
function validateTemplate(field: string, spec: Scope): Causes {
  const job = recordAt(recordAt(spec, "jobTemplate"), "spec");
  const { selector, manualSelector } = job;
  const why = "`selector` will be auto-generated";
  const isManual = manualSelector === true;
  return [
    ...validateJobFields(field, job),
    ...(selector === undefined
      ? []
      : [invalidField(`${field}.selector`, printSelector(selector), why)]),
    ...(isManual ? [unsupportedField(`${field}.manualSelector`, true, ["nil", "false"])] : []),
  ];
}
