// A ScaledObject as the operator reads it: what its behaviour knows of the kind.

import type { KindRef, KubernetesObject } from "../../../kubernetes/index.ts";

export const SCALED_OBJECT: KindRef = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" };

export interface Trigger {
  readonly type: string;
  readonly metricType?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ScaledObject extends KubernetesObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly triggers: readonly Trigger[];
  };
  readonly status?: object;
}
