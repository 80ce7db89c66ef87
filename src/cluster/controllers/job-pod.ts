// The pod of a Job: tracked by a finalizer, and for an indexed Job told its completion index.
// Mirrors pkg/controller/job/indexed_job_utils.go.

import type { Container, KubernetesObject, Pod, PodTemplate } from "../../kubernetes/index.ts";
import type { Job } from "./batch-kinds.ts";
import { TRACKING_FINALIZER } from "./job-counts.ts";
import { countsAsFailure } from "./job-failure-policy.ts";
import { generateNameFor, INDEX_ANNOTATION, nextFailureCounts } from "./job-indexes.ts";
import { podFromTemplate } from "./pod-template.ts";

const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

/** `replaced` is the failed pod of the index, whose failure count goes on. */
export function jobPod(job: Job, index?: number, replaced?: Pod): KubernetesObject {
  const { template } = job.spec;
  const finalizers = [...(template.metadata?.finalizers ?? []), TRACKING_FINALIZER];
  const tracked = { ...template, metadata: { ...template.metadata, finalizers } };
  if (index === undefined) return podFromTemplate(job, tracked);
  const counts =
    job.spec.backoffLimitPerIndex === undefined
      ? {}
      : nextFailureCounts(replaced, (pod) => countsAsFailure(pod, job));
  return indexedPod(job, tracked, index, counts);
}

function indexedPod(
  job: Job,
  template: PodTemplate,
  index: number,
  counts: Readonly<Record<string, string>>,
): KubernetesObject {
  const annotations = {
    ...template.metadata?.annotations,
    [INDEX_ANNOTATION]: String(index),
    ...counts,
  };
  const pod = podFromTemplate(
    job,
    {
      metadata: { ...template.metadata, annotations },
      spec: {
        ...template.spec,
        hostname: `${job.metadata.name}-${index}`,
        containers: template.spec.containers.map(withIndexVariable),
      },
    },
    { labels: { [INDEX_ANNOTATION]: String(index) } },
  );
  const generateName = generateNameFor(job.metadata.name, index);
  return { ...pod, metadata: { ...pod.metadata, generateName } };
}

function withIndexVariable(container: Container): Container {
  if (container.env?.some(({ name }) => name === INDEX_VARIABLE)) return container;
  const fieldRef = { fieldPath: `metadata.labels['${INDEX_ANNOTATION}']` };
  const variable = { name: INDEX_VARIABLE, valueFrom: { fieldRef } };
  return { ...container, env: [...(container.env ?? []), variable] };
}
