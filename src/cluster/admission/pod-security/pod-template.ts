// The template in everything that makes pods. Mirrors pod-security-admission admission/admission.go (DefaultPodSpecExtractor).

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, PodLike } from "../../../kubernetes/index.ts";

const PATHS: Readonly<Record<string, readonly string[]>> = {
  replicationcontrollers: ["spec", "template"],
  podtemplates: ["template"],
  "replicasets.apps": ["spec", "template"],
  "deployments.apps": ["spec", "template"],
  "statefulsets.apps": ["spec", "template"],
  "daemonsets.apps": ["spec", "template"],
  "jobs.batch": ["spec", "template"],
  "cronjobs.batch": ["spec", "jobTemplate", "spec", "template"],
};

/** Undefined for other resources, and where a template may be left out. */
export function templateOf(resource: string, object: KubernetesObject): PodLike | undefined {
  const path = PATHS[resource];
  if (path === undefined) return undefined;
  const found = path.reduce<unknown>(
    (value, field) => (isRecord(value) ? value[field] : undefined),
    object,
  );
  // The schema has given it the shape of a template.
  return isRecord(found) ? (found as unknown as PodLike) : undefined;
}
