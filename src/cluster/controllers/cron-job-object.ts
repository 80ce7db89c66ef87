// What a CronJob makes and keeps: the Job of one run, references to its Jobs, their order by age.
// Mirrors pkg/controller/cronjob/utils.go (getJobFromTemplate2, byJobStartTime). Pure.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { JOB } from "./batch-kinds.ts";
import type { CronJob, Job, ObjectReference } from "./batch-kinds.ts";
import { controllerReference } from "./owner.ts";

const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/** The name holds the scheduled minute, so that one run is never started twice. */
export function jobNameOf(cronJob: CronJob, due: InstantMs): string {
  return `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`;
}

export function jobFor(cronJob: CronJob, due: InstantMs): KubernetesObject {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const scheduled = formatScheduled(due, cronJob.spec.timeZone);
  return {
    apiVersion: JOB.apiVersion,
    kind: JOB.kind,
    metadata: {
      name: jobNameOf(cronJob, due),
      ...(cronJob.metadata.namespace === undefined
        ? {}
        : { namespace: cronJob.metadata.namespace }),
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED_AT]: scheduled },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
}

/** RFC 3339 with the offset of the CronJob's time zone. */
function formatScheduled(due: InstantMs, timeZone: string | undefined): string {
  if (timeZone === undefined) return formatInstant(due);
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" });
  const name = parts.formatToParts(due).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const offset = name === "GMT" ? "Z" : name.slice("GMT".length);
  if (offset === "Z") return formatInstant(due);
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  const shiftMs = (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return formatInstant(due + shiftMs).replace("Z", offset);
}

/** By start, those that never started last; at the same instant by name. */
export function byStart(a: Job, b: Job): number {
  const startOf = ({ status }: Job): number => Date.parse(status?.startTime ?? "") || Infinity;
  const [startA, startB] = [startOf(a), startOf(b)];
  if (startA !== startB) return startA - startB;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

export function referenceTo({ apiVersion, kind, metadata }: KubernetesObject): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
    apiVersion,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
