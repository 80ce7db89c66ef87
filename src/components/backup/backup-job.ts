// What all backup jobs have in common: one at a time, on a stated clock, hardened, with a work directory that vanishes.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Binding, Flow, Workload } from "../../model/index.ts";
import { metadataOf, podTemplate, type Fields, type PodParts } from "../manifests/index.ts";
import type { ScheduleInput } from "./backup-options.ts";

/** Both tools run as anybody. */
const USER_ID = 1000;
export const WORK_DIRECTORY = "/work";

export interface BackupJob {
  readonly platform: string;
  readonly workload: Workload;
  readonly when: Pick<ScheduleInput, "schedule" | "timeZone">;
  /** Copies are worth this long a run, in seconds. */
  readonly deadlineSeconds: number;
  readonly parts: PodParts;
  /** Beside the work directory. */
  readonly volumes?: readonly Fields[];
}

export function backupCronJob(job: BackupJob): KubernetesObject {
  const { platform, workload, when, deadlineSeconds, parts, volumes = [] } = job;
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: metadataOf(platform, workload),
    spec: {
      schedule: when.schedule,
      timeZone: when.timeZone,
      // A second run while the first still copies would read what the first is writing.
      concurrencyPolicy: "Forbid",
      // A cluster that was asleep at the hour still makes its copy when it wakes.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: deadlineSeconds,
          template: backupTemplate(platform, workload, { ...parts, volumes }),
        },
      },
    },
  };
}

function backupTemplate(platform: string, workload: Workload, parts: PodParts): Fields {
  return podTemplate(platform, workload, {
    ...parts,
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    spec: { restartPolicy: "Never" },
    volumes: [
      { name: "work", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
      ...(parts.volumes ?? []),
    ],
  });
}

export const WORK_MOUNTS: readonly Fields[] = [
  { name: "work", mountPath: WORK_DIRECTORY },
  { name: "tmp", mountPath: "/tmp" },
];

/** From a job to what a binding reaches. */
export function backupFlow(name: string, workload: Workload, binding: Binding): Flow {
  return {
    name,
    from: { kind: "workload", namespace: workload.namespace, name: workload.name },
    to: binding.endpoint,
    port: binding.port,
    protocol: "TCP",
    purpose: "backup",
    application: binding.application,
    encryption: binding.encryption,
    origin: workload.origin,
  };
}
