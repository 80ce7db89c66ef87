// Labels of emitted objects. A workload's own labels select its pods and never change; `part-of` only describes.

import type { Workload } from "../../model/index.ts";

export type Labels = Readonly<Record<string, string>>;

/** The recommended trio: who it is, what it does there, which platform it belongs to. */
export function describedLabels(platform: string, workload: Workload): Labels {
  return { ...workload.labels, "app.kubernetes.io/part-of": platform };
}

/** Labels of an object that belongs to a system but runs no pods (a Gateway, a policy). */
export function systemLabels(platform: string, name: string, component: string): Labels {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": platform,
  };
}

/** The label every cluster sets on a namespace to its own name (Kubernetes 1.22 and later). */
export const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** What runs in a namespace: `app`, `platform` or `system`; routes and policies select by it. */
export const TENANCY_LABEL = "keelson.dev/tenancy";
