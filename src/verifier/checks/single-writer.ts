// A volume that one node can mount at a time cannot be shared by an old and a new pod: a rolling update would wait for itself.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { PodTemplate } from "../pod-template.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const singleWriterSurge = defineDiagnostic<{ object: string; claim: string }>({
  code: "verify/single-writer-surge",
  severity: "error",
  message: ({ object, claim }) =>
    `${object} starts a second pod while the first still holds ${claim}, which one node can mount`,
  hint: () => "use strategy Recreate or a StatefulSet",
});

export const singleWriterReplicas = defineDiagnostic<{
  object: string;
  claim: string;
  replicas: number;
}>({
  code: "verify/single-writer-replicas",
  severity: "error",
  message: ({ object, claim, replicas }) =>
    `${object} has ${replicas} replicas on ${claim}, which one node can mount`,
  hint: () => "use a StatefulSet with a claim for each replica",
});

export const checkSingleWriter: Check = function* (view) {
  for (const pod of view.pods) {
    if (pod.compiled.object.kind !== "Deployment") continue;
    for (const claim of singleWriterClaims(pod, view)) yield* checkDeployment(pod, claim);
  }
};

function* checkDeployment({ compiled }: PodTemplate, claim: string): Iterable<Diagnostic> {
  const { object, origin } = compiled;
  const spec = recordOf(object["spec"]);
  const strategy = recordOf(spec["strategy"]);
  const { maxSurge = "25%" } = recordOf(strategy["rollingUpdate"]);
  const shown = displayRef(refOf(object));
  const replicas = Number(spec["replicas"] ?? 1);
  if (replicas > 1) yield singleWriterReplicas(origin.path, { object: shown, claim, replicas });
  if (strategy["type"] !== "Recreate" && maxSurge !== 0 && maxSurge !== "0%") {
    yield singleWriterSurge(origin.path, { object: shown, claim });
  }
}

function singleWriterClaims({ volumes, namespace }: PodTemplate, view: TargetView): string[] {
  return volumes.flatMap((volume) => {
    const name = recordOf(volume["persistentVolumeClaim"])["claimName"];
    if (typeof name !== "string") return [];
    const claim = view.find("PersistentVolumeClaim", name, namespace);
    const modes = recordOf(claim?.object["spec"])["accessModes"];
    const shared = Array.isArray(modes) && modes.some((mode) => String(mode).endsWith("Many"));
    return claim === undefined || shared ? [] : [name];
  });
}
