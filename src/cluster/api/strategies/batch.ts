// How batch/v1 deviates. Mirrors kubernetes pkg/registry/batch/*/strategy.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isRecord } from "../../../core/index.ts";
import { CRON_JOB, JOB } from "../defaults/batch.ts";
import type { Strategy } from "../strategy.ts";
import { validateCronJob, validateJob, validateJobUpdate } from "../validation/jobs.ts";

export const BATCH_STRATEGIES: Readonly<Record<string, Partial<Strategy>>> = {
  "batch/jobs": {
    generation: "spec",
    defaults: JOB,
    prepareForCreate: withGeneratedSelector,
    validate: validateJob,
    validateUpdate: validateJobUpdate,
  },
  "batch/cronjobs": { generation: "spec", defaults: CRON_JOB, validate: validateCronJob },
};

/** Unless `manualSelector` is set, pods are selected by the job's uid. */
function withGeneratedSelector(job: KubernetesObject): KubernetesObject {
  const spec = isRecord(job["spec"]) ? job["spec"] : {};
  if (spec["manualSelector"] === true) return job;
  const uid = job.metadata.uid ?? "";
  const template = isRecord(spec["template"]) ? spec["template"] : {};
  const metadata = isRecord(template["metadata"]) ? template["metadata"] : {};
  const labels = {
    ...(isRecord(metadata["labels"]) ? metadata["labels"] : {}),
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": job.metadata.name,
    "controller-uid": uid,
    "job-name": job.metadata.name,
  };
  const selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  return {
    ...job,
    spec: { ...spec, selector, template: { ...template, metadata: { ...metadata, labels } } },
  };
}
