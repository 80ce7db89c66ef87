// Service accounts and pods as far as the plug-in ServiceAccount reads them. Field names are core/v1's.

import type { Container, KubernetesObject, Pod, PodSpec } from "../../../kubernetes/index.ts";

export interface NamedReference {
  readonly name?: string;
}

export interface ServiceAccount extends KubernetesObject {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly NamedReference[];
  readonly secrets?: readonly NamedReference[];
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export type MountingContainer = Container & { readonly volumeMounts?: readonly VolumeMount[] };

export type AccountedSpec = PodSpec & {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly NamedReference[];
  readonly ephemeralContainers?: readonly Container[];
  readonly containers: readonly MountingContainer[];
  readonly initContainers?: readonly MountingContainer[];
};

export interface AccountedPod extends Pod {
  readonly spec: AccountedSpec;
}
