// Which class a pod template gets: by what it is and whose namespace it lives in. What a component states itself is kept.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { podSpecPath, replaceAt } from "../../posture/restricted/pod-spec.ts";

export const CLASSES = ["platform", "apps", "batch"] as const;
export type PriorityClassName = (typeof CLASSES)[number];

export function rankOf(
  { kind, metadata }: KubernetesObject,
  { namespaces }: Pick<PlannedCluster, "namespaces">,
): PriorityClassName {
  const tenancy = namespaces.find(({ name }) => name === metadata.namespace)?.tenancy;
  // What runs by the clock can run later; a job of the platform's own may be what a system waits for.
  if (kind === "CronJob") return "batch";
  if (tenancy !== "app") return "platform";
  return kind === "Job" ? "batch" : "apps";
}

/** The object itself when it runs no pods, or says which class they have. */
export function withClass(object: KubernetesObject, priorityClassName: string): KubernetesObject {
  const path = podSpecPath(object);
  if (path === undefined || statesClass(object, path)) return object;
  return replaceAt(object, path, (spec) => ({ ...spec, priorityClassName }));
}

function statesClass(object: KubernetesObject, path: readonly string[]): boolean {
  let current: unknown = object;
  for (const field of path) current = isRecord(current) ? current[field] : undefined;
  return isRecord(current) && current["priorityClassName"] !== undefined;
}
