// Columns of the kinds that run pods: apps, batch and the old replication controller.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { numberAt, recordAt, recordsAt, textAt } from "../validation/fields.ts";
import {
  containerImages,
  containerNames,
  flagText,
  labelsText,
  NONE,
  podSpecOf,
  selectorText,
} from "./cell-text.ts";
import type { Scope } from "./cell-text.ts";
import { AGE, column, elapsed, integer, NAME, text, wide } from "./column.ts";
import type { Column, Printer } from "./column.ts";
import { humanDuration } from "./human-duration.ts";

const specOf = (object: KubernetesObject): Scope => recordAt(object, "spec");
const statusOf = (object: KubernetesObject): Scope => recordAt(object, "status");
const countAt = (scope: Scope, field: string): number => numberAt(scope, field) ?? 0;

const CONTAINERS = wide(text("Containers", (object) => containerNames(podSpecOf(object))));
const IMAGES = wide(text("Images", (object) => containerImages(podSpecOf(object))));
const SELECTOR = wide(text("Selector", (object) => selectorText(specOf(object)["selector"])));

const REPLICA_COLUMNS: readonly Column[] = [
  NAME,
  integer("Desired", (object) => countAt(specOf(object), "replicas")),
  integer("Current", (object) => countAt(statusOf(object), "replicas")),
  integer("Ready", (object) => countAt(statusOf(object), "readyReplicas")),
  AGE,
  CONTAINERS,
  IMAGES,
];

const readyColumn = text("Ready", (object) => {
  const ready = countAt(statusOf(object), "readyReplicas");
  return `${ready}/${countAt(specOf(object), "replicas")}`;
});

const DEPLOYMENTS: Printer = {
  columns: [
    NAME,
    readyColumn,
    text("Up-to-date", (object) => countAt(statusOf(object), "updatedReplicas")),
    text("Available", (object) => countAt(statusOf(object), "availableReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
};

const DAEMON_SETS: Printer = {
  columns: [
    NAME,
    integer("Desired", (object) => countAt(statusOf(object), "desiredNumberScheduled")),
    integer("Current", (object) => countAt(statusOf(object), "currentNumberScheduled")),
    integer("Ready", (object) => countAt(statusOf(object), "numberReady")),
    integer("Up-to-date", (object) => countAt(statusOf(object), "updatedNumberScheduled")),
    integer("Available", (object) => countAt(statusOf(object), "numberAvailable")),
    text("Node Selector", (object) => labelsText(podSpecOf(object)["nodeSelector"])),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
};

const CONTROLLER_REVISIONS: Printer = {
  columns: [
    NAME,
    text("Controller", controllerText),
    text("Revision", (object) => countAt(object, "revision")),
    AGE,
  ],
};

const JOBS: Printer = {
  columns: [
    NAME,
    text("Status", jobStatus),
    text("Completions", completionsText),
    text("Duration", (job, { now }) => jobDuration(statusOf(job), now)),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
};

const jobSpecOf = (cronJob: KubernetesObject): Scope =>
  recordAt(recordAt(specOf(cronJob), "jobTemplate"), "spec");
const jobPodOf = (cronJob: KubernetesObject): Scope =>
  recordAt(recordAt(jobSpecOf(cronJob), "template"), "spec");

const CRON_JOBS: Printer = {
  columns: [
    NAME,
    text("Schedule", (object) => textAt(specOf(object), "schedule")),
    text("Timezone", (object) => textAt(specOf(object), "timeZone") || NONE),
    column("Suspend", "boolean", (object) => flagText(specOf(object)["suspend"])),
    integer("Active", (object) => recordsAt(statusOf(object), "active").length),
    text("Last Schedule", (object, { now }) => {
      const last = statusOf(object)["lastScheduleTime"];
      return typeof last === "string" ? elapsed(last, now) : NONE;
    }),
    AGE,
    wide(text("Containers", (object) => containerNames(jobPodOf(object)))),
    wide(text("Images", (object) => containerImages(jobPodOf(object)))),
    wide(text("Selector", (object) => selectorText(jobSpecOf(object)["selector"]))),
  ],
};

export const WORKLOAD_PRINTERS: Readonly<Record<string, Printer>> = {
  "/replicationcontrollers": {
    columns: [
      ...REPLICA_COLUMNS,
      wide(text("Selector", (object) => labelsText(specOf(object)["selector"]))),
    ],
  },
  "apps/replicasets": { columns: [...REPLICA_COLUMNS, SELECTOR] },
  "apps/deployments": DEPLOYMENTS,
  "apps/statefulsets": { columns: [NAME, readyColumn, AGE, CONTAINERS, IMAGES] },
  "apps/daemonsets": DAEMON_SETS,
  "apps/controllerrevisions": CONTROLLER_REVISIONS,
  "batch/jobs": JOBS,
  "batch/cronjobs": CRON_JOBS,
};

function controllerText({ metadata }: KubernetesObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return NONE;
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

/** In the order in which they win. */
const JOB_CONDITIONS = ["Complete", "Failed"] as const;
const LATER_JOB_CONDITIONS = ["Suspended", "FailureTarget", "SuccessCriteriaMet"] as const;

function jobStatus(job: KubernetesObject): string {
  const conditions = recordsAt(statusOf(job), "conditions");
  const holds = (wanted: string): boolean =>
    conditions.some(({ type, status }) => type === wanted && status === "True");
  const final = JOB_CONDITIONS.find(holds);
  if (final !== undefined) return final;
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  return LATER_JOB_CONDITIONS.find(holds) ?? "Running";
}

function completionsText(job: KubernetesObject): string {
  const succeeded = countAt(statusOf(job), "succeeded");
  const completions = numberAt(specOf(job), "completions");
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = countAt(specOf(job), "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(status: Scope, now: number): string {
  const started = Date.parse(textAt(status, "startTime"));
  if (Number.isNaN(started)) return "";
  const ended = Date.parse(textAt(status, "completionTime"));
  return humanDuration((Number.isNaN(ended) ? now : ended) - started);
}
