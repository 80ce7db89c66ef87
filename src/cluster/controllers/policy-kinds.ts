// Budgets and autoscalers as their controllers read them.

import type {
  Condition,
  KindToken,
  KubernetesObject,
  LabelSelector,
} from "../../kubernetes/index.ts";
import type { IntOrPercent } from "./workload-kinds.ts";

export interface PodDisruptionBudget extends KubernetesObject {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: IntOrPercent;
    readonly maxUnavailable?: IntOrPercent;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    /** Pod name → when its eviction was allowed. */
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly expectedPods?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface MetricTarget {
  readonly type?: "Utilization" | "AverageValue" | "Value";
  readonly averageUtilization?: number;
  readonly averageValue?: string | number;
  readonly value?: string | number;
}

export interface MetricIdentifier {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface CrossVersionObjectReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}

export interface MetricSpec {
  readonly type: "Resource" | "ContainerResource" | "Pods" | "Object" | "External";
  readonly resource?: { readonly name: string; readonly target?: MetricTarget };
  readonly containerResource?: {
    readonly name: string;
    readonly container?: string;
    readonly target?: MetricTarget;
  };
  readonly pods?: { readonly metric: MetricIdentifier; readonly target?: MetricTarget };
  readonly object?: {
    readonly describedObject?: CrossVersionObjectReference;
    readonly metric: MetricIdentifier;
    readonly target?: MetricTarget;
  };
  readonly external?: { readonly metric: MetricIdentifier; readonly target?: MetricTarget };
}

export interface ScalingPolicy {
  readonly type: "Pods" | "Percent";
  readonly value: number;
  readonly periodSeconds: number;
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: "Max" | "Min" | "Disabled";
  readonly policies?: readonly ScalingPolicy[];
  /** Of this direction; absent: 0.1. */
  readonly tolerance?: string | number;
}

export interface ScalingBehavior {
  readonly scaleUp?: ScalingRules;
  readonly scaleDown?: ScalingRules;
}

export interface HorizontalPodAutoscaler extends KubernetesObject {
  readonly spec: {
    readonly scaleTargetRef: CrossVersionObjectReference;
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly MetricSpec[];
    readonly behavior?: ScalingBehavior;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastScaleTime?: string;
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly currentMetrics?: readonly object[] | null;
    readonly conditions?: readonly Condition[];
  };
}

export const POD_DISRUPTION_BUDGET: KindToken<PodDisruptionBudget> = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
};
export const HORIZONTAL_POD_AUTOSCALER: KindToken<HorizontalPodAutoscaler> = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
};
