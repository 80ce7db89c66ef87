// How batch/v1 deviates. Mirrors kubernetes pkg/registry/batch/*/strategy.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { CRON_JOB, JOB } from "../defaults/batch.ts";
import type { Strategy } from "../strategy.ts";
import { validateCronJobUpdate, validateNewCronJob } from "../validation/cron-jobs.ts";
import { recordAt } from "../validation/fields.ts";
import { validateJobUpdate } from "../validation/job-changes.ts";
import { validateJobStatus } from "../validation/job-status.ts";
import { validateNewJob } from "../validation/jobs.ts";

const UID_LABEL = "batch.kubernetes.io/controller-uid";
const NAME_LABEL = "batch.kubernetes.io/job-name";

export const BATCH_STRATEGIES: Readonly<Record<string, Partial<Strategy>>> = {
  "batch/jobs": {
    generation: "spec",
    defaults: JOB,
    prepareForCreate: withGeneratedSelector,
    validateCreate: validateNewJob,
    validateUpdate: validateJobUpdate,
    validateStatus: validateJobStatus,
  },
  "batch/cronjobs": {
    generation: "spec",
    defaults: CRON_JOB,
    validateCreate: validateNewCronJob,
    validateUpdate: validateCronJobUpdate,
  },
};

/** Unless `manualSelector` is set, pods are selected by the job's uid; what the client wrote stays, for validation to refuse. */
function withGeneratedSelector(job: KubernetesObject): KubernetesObject {
  const spec = recordAt(job, "spec");
  if (spec["manualSelector"] === true) return job;
  const { uid = "", name } = job.metadata;
  const template = recordAt(spec, "template");
  const metadata = recordAt(template, "metadata");
  const owned = { [UID_LABEL]: uid, [NAME_LABEL]: name, "controller-uid": uid, "job-name": name };
  const labels = { ...owned, ...recordAt(metadata, "labels") };
  const given = recordAt(spec, "selector");
  const matchLabels = { [UID_LABEL]: uid, ...recordAt(given, "matchLabels") };
  const selector = { ...given, matchLabels };
  return {
    ...job,
    spec: { ...spec, selector, template: { ...template, metadata: { ...metadata, labels } } },
  };
}
