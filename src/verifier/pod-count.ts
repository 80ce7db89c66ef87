// How many pods of one workload may exist at the same moment.

import type { PodTemplate } from "./pod-template.ts";
import { recordOf } from "./pod-template.ts";
import type { TargetView } from "./target-view.ts";

/** Kubernetes' default for a Deployment's maxSurge. */
const DEFAULT_SURGE = "25%";

export function podsAtOnce(pod: PodTemplate, view: TargetView): number {
  const { object } = pod.compiled;
  const spec = recordOf(object["spec"]);
  switch (object.kind) {
    case "Deployment": {
      const replicas = mostReplicas(pod, view);
      return replicas + surgeOf(recordOf(spec["strategy"]), replicas);
    }
    case "StatefulSet":
    case "ReplicaSet":
      return mostReplicas(pod, view);
    case "DaemonSet":
      return view.cluster.nodes.reduce((sum, { count }) => sum + count, 0);
    case "Job":
      return Number(spec["parallelism"] ?? 1);
    default:
      return 1;
  }
}

/** What an autoscaler may go up to, where one owns the workload. */
function mostReplicas({ compiled, namespace }: PodTemplate, view: TargetView): number {
  const { kind, metadata, spec } = compiled.object;
  const autoscaler = view.ofKind("HorizontalPodAutoscaler").find(({ object }) => {
    const target = recordOf(recordOf(object["spec"])["scaleTargetRef"]);
    return (
      object.metadata.namespace === namespace &&
      target["kind"] === kind &&
      target["name"] === metadata.name
    );
  });
  const max = recordOf(autoscaler?.object["spec"])["maxReplicas"];
  return Number(max ?? recordOf(spec)["replicas"] ?? 1);
}

function surgeOf(strategy: Readonly<Record<string, unknown>>, replicas: number): number {
  if (strategy["type"] === "Recreate") return 0;
  const { maxSurge = DEFAULT_SURGE } = recordOf(strategy["rollingUpdate"]);
  const text = String(maxSurge);
  // A share is rounded up, as the Deployment controller does.
  return text.endsWith("%")
    ? Math.ceil((Number.parseInt(text, 10) / 100) * replicas)
    : Number(text);
}
