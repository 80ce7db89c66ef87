// What is said of a Job's course. Mirrors validateJobStatus and ValidateJobStatusUpdate of kubernetes
// pkg/apis/batch/validation/validation.go, and getStatusValidationOptions of pkg/registry/batch/job/strategy.go @v1.36: what broke
// a rule before is let through as long as it does not change.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, omittedField, requiredField } from "../field-error.ts";
import { listAt, numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";
import { countIndexes, overlapFault } from "./job-indexes.ts";
import { printStruct } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

/** A status before or after a write. */
interface Course {
  readonly status: Scope;
  readonly complete: boolean;
  readonly failed: boolean;
  readonly failing: boolean;
  readonly succeeded: boolean;
}

interface Write {
  readonly spec: Scope;
  readonly now: Course;
  readonly before: Course;
}

export function validateJobStatus(next: KubernetesObject, old: KubernetesObject): Causes {
  if (next["status"] === old["status"]) return [];
  const write = { spec: recordAt(next, "spec"), now: courseOf(next), before: courseOf(old) };
  return [
    ...COUNTS.flatMap((name) => notNegative(write.now.status, name, `status.${name}`)),
    ...validateUncounted(recordAt(write.now.status, "uncountedTerminatedPods")),
    ...[...ENDING, ...INDEXES, ...AFTERWARDS, ...CHANGES].flatMap((rule) => rule(write)),
  ];
}

const COUNTS = ["active", "succeeded", "failed", "ready", "terminating"];
const CONDITIONS = "status.conditions";

function courseOf(job: KubernetesObject): Course {
  const status = recordAt(job, "status");
  return {
    status,
    complete: hasCondition(status, "Complete"),
    failed: hasCondition(status, "Failed"),
    failing: hasCondition(status, "FailureTarget"),
    succeeded: hasCondition(status, "SuccessCriteriaMet"),
  };
}

function hasCondition(status: Scope, type: string, state = "True"): boolean {
  return recordsAt(status, "conditions").some(
    (one) => one["type"] === type && one["status"] === state,
  );
}

function validateUncounted(uncounted: Scope): Causes {
  const seen = new Set<string>();
  return ["succeeded", "failed"].flatMap((list) =>
    listAt(uncounted, list).flatMap((uid, index) => {
      const field = `status.uncountedTerminatedPods.${list}[${index}]`;
      if (uid === "") return [invalidField(field, uid, "must not be empty")];
      const isTwice = seen.has(uid);
      seen.add(uid);
      return isTwice ? [duplicateField(field, uid)] : [];
    }),
  );
}

type Rule = (write: Write) => Causes;

/** A fault of the conditions as a whole. */
function conditions(why: string, isBroken: (write: Write) => boolean): Rule {
  return (write) => (isBroken(write) ? [omittedField(CONDITIONS, why)] : []);
}

function field(
  name: string,
  isBroken: (write: Write) => boolean,
  fault: (at: string, value: unknown) => StatusCause,
): Rule {
  return (write) => (isBroken(write) ? [fault(`status.${name}`, write.now.status[name])] : []);
}

const refused = (why: string) => (at: string, value: unknown) => invalidField(at, value, why);
const missing = (why: string) => (at: string) => requiredField(at, why);

function changed({ now, before }: Write, name: string): boolean {
  return !deepEqual(now.status[name], before.status[name]);
}

const completes = ({ now, before }: Write): boolean => now.complete !== before.complete;
const fails = ({ now, before }: Write): boolean => now.failed !== before.failed;
const isFinished = ({ complete, failed }: Course): boolean => complete || failed;
const finishes = ({ now, before }: Write): boolean => isFinished(now) !== isFinished(before);
const finished = (write: Write, name: string): boolean =>
  isFinished(write.now) && (finishes(write) || changed(write, name));
const hasTime = ({ status }: Course, name: string): boolean => status[name] !== undefined;
const countOf = ({ status }: Course, name: string): number => numberAt(status, name) ?? 0;

const UNCOUNTED = { Succeeded: null, Failed: null } as const;

const ENDING: readonly Rule[] = [
  conditions(
    "cannot set Complete=True and Failed=true conditions",
    (write) => (completes(write) || fails(write)) && write.now.complete && write.now.failed,
  ),
  conditions(
    "cannot set Complete=True and FailureTarget=true conditions",
    (write) =>
      (completes(write) || write.now.failing !== write.before.failing) &&
      write.now.complete &&
      write.now.failing,
  ),
  field(
    "completionTime",
    (write) => timed(write) && hasTime(write.now, "completionTime") && !write.now.complete,
    refused("cannot set completionTime when there is no Complete=True condition"),
  ),
  field(
    "completionTime",
    (write) => timed(write) && !hasTime(write.now, "completionTime") && write.now.complete,
    missing("completionTime is required for Complete jobs"),
  ),
  field("completionTime", endsBeforeStart, refused("must be equal to or after `startTime`")),
  conditions(
    "cannot set Failed=True condition without the FailureTarget=true condition",
    (write) =>
      (fails(write) || changed(write, "failedIndexes")) && write.now.failed && !write.now.failing,
  ),
  conditions(
    "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    (write) =>
      (completes(write) || write.now.succeeded !== write.before.succeeded) &&
      write.now.complete &&
      !write.now.succeeded,
  ),
  field(
    "active",
    (write) => finished(write, "active") && countOf(write.now, "active") > 0,
    refused("active>0 is invalid for finished job"),
  ),
  field("startTime", isNeverStarted, missing("startTime is required for finished job")),
  field(
    "uncountedTerminatedPods",
    (write) => finished(write, "uncountedTerminatedPods") && hasUncounted(write.now.status),
    (at, value) =>
      // Decoding has established what the field holds.
      invalidField(at, printStruct(UNCOUNTED, value as Scope), "must be empty for finished job"),
  ),
];

function timed(write: Write): boolean {
  return completes(write) || changed(write, "completionTime");
}

function endsBeforeStart(write: Write): boolean {
  const { status } = write.now;
  const isChanged = changed(write, "startTime") || changed(write, "completionTime");
  // A time that is not there is none, which is before nothing and after nothing.
  const [start, end] = ["startTime", "completionTime"].map((name) =>
    Date.parse(textAt(status, name)),
  );
  return isChanged && start !== undefined && end !== undefined && end < start;
}

/** A job without pods that is suspended need not have begun. */
function isNeverStarted(write: Write): boolean {
  const isEmpty = write.spec["suspend"] === true && write.spec["completions"] === 0;
  return finished(write, "startTime") && !isEmpty && !hasTime(write.now, "startTime");
}

function hasUncounted(status: Scope): boolean {
  const uncounted = recordAt(status, "uncountedTerminatedPods");
  return listAt(uncounted, "succeeded").length + listAt(uncounted, "failed").length > 0;
}

const INDEXES: readonly Rule[] = [
  (write) => badIndexes(write, "completedIndexes"),
  (write) =>
    write.spec["backoffLimitPerIndex"] === undefined ? [] : badIndexes(write, "failedIndexes"),
  field(
    "completedIndexes",
    (write) =>
      changed(write, "completedIndexes") &&
      textAt(write.now.status, "completedIndexes") !== "" &&
      write.spec["completionMode"] !== "Indexed",
    refused("cannot set non-empty completedIndexes when non-indexed completion mode"),
  ),
  field(
    "failedIndexes",
    (write) =>
      changed(write, "failedIndexes") &&
      write.spec["backoffLimitPerIndex"] === undefined &&
      write.now.status["failedIndexes"] !== undefined,
    refused("cannot set non-null failedIndexes when backoffLimitPerIndex is null"),
  ),
  overlap,
];

function badIndexes(write: Write, name: string): Causes {
  const completions = numberAt(write.spec, "completions");
  if (!changed(write, name) || completions === undefined) return [];
  const given = textAt(write.now.status, name);
  const { fault } = countIndexes(given, completions);
  if (fault === undefined) return [];
  return [invalidField(`status.${name}`, given, `error parsing ${name}: ${fault}`)];
}

function overlap(write: Write): Causes {
  const completions = numberAt(write.spec, "completions");
  const [done, failed] = ["completedIndexes", "failedIndexes"].map((name) =>
    textAt(write.now.status, name),
  );
  const isChanged = changed(write, "completedIndexes") || changed(write, "failedIndexes");
  if (!isChanged || completions === undefined || !done || !failed) return [];
  const fault = overlapFault(done, failed, completions);
  return fault === undefined ? [] : [invalidField("status.failedIndexes", failed, fault)];
}

const AFTERWARDS: readonly Rule[] = [
  field(
    "terminating",
    (write) => finished(write, "terminating") && countOf(write.now, "terminating") > 0,
    refused("terminating>0 is invalid for finished job"),
  ),
  field(
    "ready",
    (write) =>
      (changed(write, "ready") || changed(write, "active")) &&
      countOf(write.now, "ready") > countOf(write.now, "active"),
    refused("cannot set more ready pods than active"),
  ),
  conditions(
    "cannot set SuccessCriteriaMet=True and Failed=true conditions",
    ({ now }) => now.succeeded && now.failed,
  ),
  conditions(
    "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
    ({ now }) => now.succeeded && now.failing,
  ),
  conditions(
    "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
    ({ spec, now }) => spec["successPolicy"] !== undefined && !now.succeeded && now.complete,
  ),
];

const CALLED = { failed: "Failed", complete: "Complete", failing: "FailureTarget" };

const CHANGES: readonly Rule[] = [
  ...(["failed", "complete", "failing"] as const).map((state) =>
    conditions(
      `cannot disable the terminal ${CALLED[state]}=True condition`,
      ({ now, before }) => before[state] && !now[state],
    ),
  ),
  field(
    "failed",
    ({ now, before }) => countOf(now, "failed") < countOf(before, "failed"),
    (at, value) => invalidField(at, value ?? 0, "cannot decrease the failed counter"),
  ),
  field(
    "succeeded",
    ({ spec, now, before }) =>
      !(spec["completionMode"] === "Indexed" && spec["completions"] === spec["parallelism"]) &&
      countOf(now, "succeeded") < countOf(before, "succeeded"),
    (at, value) => invalidField(at, value ?? 0, "cannot decrease the succeeded counter"),
  ),
  field(
    "completionTime",
    (write) =>
      hasTime(write.now, "completionTime") &&
      hasTime(write.before, "completionTime") &&
      changed(write, "completionTime"),
    refused("field is immutable"),
  ),
  field("startTime", isRestarted, refused("field is immutable for unsuspended job once set")),
  conditions(
    "cannot disable the SuccessCriteriaMet=True condition",
    ({ now, before }) => before.succeeded && !now.succeeded,
  ),
  conditions(
    "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions",
    ({ now, before }) => before.complete && !before.succeeded && now.succeeded,
  ),
];

/** Taking a job up again begins anew. */
function isRestarted(write: Write): boolean {
  const { spec, now, before } = write;
  const isResumed =
    hasCondition(before.status, "Suspended") && hasCondition(now.status, "Suspended", "False");
  if (!changed(write, "startTime") || isResumed) return false;
  return hasTime(before, "startTime") && spec["suspend"] !== true;
}
