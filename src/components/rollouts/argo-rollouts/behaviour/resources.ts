// The parts of Rollouts and ReplicaSets that the behaviour reads and writes. Mirrors argoproj.io/v1alpha1 at v1.9.

import type { KubernetesObject } from "../../../../kubernetes/index.ts";

export interface Step {
  readonly setWeight?: number;
  readonly pause?: { readonly duration?: string | number };
}

export interface RolloutAnalysis {
  readonly templates?: readonly { readonly templateName: string }[];
  readonly args?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly podTemplateHashValue?: "Latest" | "Stable" };
  }[];
}

export interface RunStatus {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
}

export interface Rollout extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly workloadRef: { readonly name: string };
    readonly strategy: {
      readonly canary?: {
        readonly stableService: string;
        readonly canaryService: string;
        readonly analysis?: RolloutAnalysis;
        readonly steps?: readonly Step[];
        readonly scaleDownDelaySeconds?: number;
        readonly trafficRouting?: {
          readonly plugins?: Readonly<
            Record<
              string,
              {
                readonly httpRoute?: string;
                readonly httpRoutes?: readonly { readonly name: string }[];
                readonly namespace: string;
              }
            >
          >;
          readonly istio?: {
            readonly virtualService: { readonly name: string; readonly routes?: readonly string[] };
          };
          readonly nginx?: { readonly stableIngress: string };
        };
      };
      readonly blueGreen?: {
        readonly activeService: string;
        readonly previewService: string;
        readonly prePromotionAnalysis?: RolloutAnalysis;
        readonly autoPromotionEnabled?: boolean;
        readonly scaleDownDelaySeconds?: number;
      };
    };
  };
  readonly status?: RolloutStatus;
}

export interface RolloutStatus {
  readonly currentPodHash?: string;
  readonly stableRS?: string;
  readonly currentStepIndex?: number;
  readonly abort?: boolean;
  readonly abortedAt?: string;
  readonly promoteFull?: boolean;
  readonly controllerPause?: boolean;
  readonly pauseConditions?: readonly { readonly reason: string; readonly startTime: string }[];
  readonly canary?: { readonly currentBackgroundAnalysisRunStatus?: RunStatus };
  readonly blueGreen?: { readonly prePromotionAnalysisRunStatus?: RunStatus };
  readonly observedGeneration?: string;
}

export interface ReplicaSet extends KubernetesObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
  };
}

export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: KubernetesObject;
  };
}
