// What a release in two versions changes in the objects of its app: who decides the number of pods.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { EmitContext } from "../../../model/index.ts";
import { releasedApps, ROLLOUT } from "./released.ts";

export function decorateReleased(
  object: KubernetesObject,
  { cluster }: EmitContext,
): KubernetesObject {
  const { kind, metadata, spec } = object as KubernetesObject & { readonly spec?: unknown };
  const isReleased = releasedApps(cluster).some(
    ({ app }) => app.name === metadata.name && app.namespace === metadata.namespace,
  );
  if (!isReleased || !isRecord(spec)) return object;
  if (kind === "Deployment") {
    const { replicas: _, ...rest } = spec;
    return { ...object, spec: rest } as KubernetesObject;
  }
  if (kind !== "HorizontalPodAutoscaler") return object;
  const scaleTargetRef = { ...ROLLOUT, name: metadata.name };
  return { ...object, spec: { ...spec, scaleTargetRef } } as KubernetesObject;
}
