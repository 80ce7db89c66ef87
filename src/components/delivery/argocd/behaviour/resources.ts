// The parts of Argo CD's own resources that the behaviour reads and writes. Mirrors argoproj.io/v1alpha1 at v3.5.

import type { Condition, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";

export const APPLICATION: KindRef = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
export const APPLICATION_SET: KindRef = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "ApplicationSet",
};
/** Where Argo CD lives; registrations and Applications are read there only. */
export const ARGOCD_NAMESPACE = "argocd";
export const IN_CLUSTER = "https://kubernetes.default.svc";
/** With it, deleting an Application deletes what it manages first. */
export const CASCADE_FINALIZER = "resources-finalizer.argocd.argoproj.io";
export const REFRESH_ANNOTATION = "argocd.argoproj.io/refresh";
export const TRACKING_ANNOTATION = "argocd.argoproj.io/tracking-id";
export const SYNC_OPTIONS_ANNOTATION = "argocd.argoproj.io/sync-options";
export const WAVE_ANNOTATION = "argocd.argoproj.io/sync-wave";

export interface ApplicationSource {
  readonly repoURL: string;
  readonly targetRevision?: string;
  readonly path?: string;
  readonly chart?: string;
  readonly ref?: string;
  readonly helm?: { readonly releaseName?: string; readonly valueFiles?: readonly string[] };
}

export interface ApplicationSpec {
  readonly project: string;
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly destination: {
    readonly server?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly syncPolicy?: SyncPolicy;
  readonly ignoreDifferences?: readonly IgnoreDifference[];
}

export interface SyncPolicy {
  readonly automated?: {
    readonly prune?: boolean;
    readonly selfHeal?: boolean;
    readonly enabled?: boolean;
  };
  readonly syncOptions?: readonly string[];
  readonly retry?: {
    readonly limit?: number;
    /** Takes the latest revision on each retry; here it always is. */
    readonly refresh?: boolean;
    readonly backoff?: {
      readonly duration?: string;
      readonly factor?: number;
      readonly maxDuration?: string;
    };
  };
}

export interface IgnoreDifference {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  /** Of these only paths of fields and `[]`, as `.spec.rules[].backendRefs[].weight`. */
  readonly jqPathExpressions?: readonly string[];
}

export type SyncStatus = "Synced" | "OutOfSync" | "Unknown";
export type HealthStatus =
  | "Healthy"
  | "Progressing"
  | "Degraded"
  | "Suspended"
  | "Missing"
  | "Unknown";

export interface ResourceStatus {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status: SyncStatus;
  readonly health?: { readonly status: HealthStatus; readonly message?: string };
  readonly requiresPruning?: boolean;
}

export interface OperationState {
  readonly operation: Readonly<Record<string, unknown>>;
  readonly phase: "Running" | "Succeeded" | "Failed" | "Error";
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
  readonly syncResult?: Readonly<Record<string, unknown>>;
}

export interface ApplicationStatus {
  readonly sync: Readonly<Record<string, unknown>> & { readonly status: SyncStatus };
  readonly health: {
    readonly status: HealthStatus;
    readonly message?: string;
    readonly lastTransitionTime?: string;
  };
  readonly resources?: readonly ResourceStatus[];
  readonly operationState?: OperationState;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
  readonly conditions?: readonly ApplicationCondition[];
  readonly summary?: { readonly images?: readonly string[] };
  readonly sourceType?: string;
  readonly sourceTypes?: readonly string[];
}

/** Not a metav1.Condition: it has no status. */
export interface ApplicationCondition {
  readonly type: "ComparisonError" | "InvalidSpecError" | "OrphanedResourceWarning" | "SyncError";
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export interface Application extends KubernetesObject {
  readonly spec: ApplicationSpec;
  readonly status?: ApplicationStatus;
}

export interface ApplicationSet extends KubernetesObject {
  readonly spec: {
    readonly goTemplate?: boolean;
    readonly goTemplateOptions?: readonly string[];
    readonly generators: readonly Generator[];
    readonly template: {
      readonly metadata: {
        readonly name: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
        readonly finalizers?: readonly string[];
      };
      readonly spec: ApplicationSpec;
    };
    readonly syncPolicy?: { readonly preserveResourcesOnDeletion?: boolean };
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Exactly one member is set. */
export interface Generator {
  readonly list?: { readonly elements: readonly Readonly<Record<string, unknown>>[] };
  readonly clusters?: {
    readonly selector?: LabelSelector;
    readonly values?: Readonly<Record<string, string>>;
  };
  readonly git?: {
    readonly repoURL: string;
    readonly revision: string;
    readonly files?: readonly { readonly path: string }[];
    readonly directories?: readonly { readonly path: string; readonly exclude?: boolean }[];
    readonly requeueAfterSeconds?: number;
  };
  readonly matrix?: { readonly generators: readonly Generator[] };
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}
