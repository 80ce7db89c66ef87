// What a finished Job is called. Its template cannot change (Kubernetes documentation, "Jobs"; apiserver: "field is immutable"), so
// another template is another Job: its name ends in a digest of it, and whoever delivers removes the one before.

import { nameHash, shortenName } from "../core/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";

/** Name of the workload in the plan, where the object has another. */
export const WORKLOAD_ANNOTATION = "keelson.dev/workload";

const LABEL_MAX = 63;

/** The object itself where it is no Job. To be asked once everything in the template is decided. */
export function namedByTemplate(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Job") return object;
  const { name, annotations } = object.metadata;
  const digest = nameHash(JSON.stringify(object["spec"]));
  return {
    ...object,
    metadata: {
      ...object.metadata,
      name: `${shortenName(name, LABEL_MAX - digest.length - 1)}-${digest}`,
      annotations: { ...annotations, [WORKLOAD_ANNOTATION]: name },
    },
  };
}

/** By which the graph knows what an object runs. */
export function workloadName({ metadata }: Pick<KubernetesObject, "metadata">): string {
  return metadata.annotations?.[WORKLOAD_ANNOTATION] ?? metadata.name;
}
