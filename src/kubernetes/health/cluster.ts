// Kinds the cluster itself is made of: namespaces, nodes, definitions, API services, budgets, autoscalers.
// Mirrors gitops-engine pkg/health/health_{crd,apiservice,hpa}.go, argo-cd resource_customizations/policy and kstatus core.go.

import type { KubernetesObject } from "../object.ts";
import { describe, requireCondition } from "./conditions.ts";
import { conditionOf, conditionsOf, degraded, healthy, progressing, text } from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const CLUSTER_HEALTH: HealthRules = {
  "/Namespace": namespaceHealth,
  "/Node": requireCondition("Ready", "waiting for the kubelet"),
  "apiextensions.k8s.io/CustomResourceDefinition": definitionHealth,
  "apiregistration.k8s.io/APIService": requireCondition("Available", "waiting to be available"),
  "policy/PodDisruptionBudget": budgetHealth,
  "autoscaling/HorizontalPodAutoscaler": autoscalerHealth,
};

function namespaceHealth(namespace: KubernetesObject): Health {
  const terminating = text(namespace, "status", "phase") === "Terminating";
  return terminating ? progressing("pending deletion") : healthy();
}

function definitionHealth(definition: KubernetesObject): Health {
  const is = (type: string): string | undefined => conditionOf(definition, type)?.status;
  if (is("Terminating") === "True") return progressing("pending deletion");
  const names = conditionOf(definition, "NamesAccepted");
  if (names?.status === "False") return degraded(`names not accepted: ${describe(names)}`);
  const structural = conditionOf(definition, "NonStructuralSchema");
  if (structural?.status === "True") return degraded(describe(structural));
  const established = conditionOf(definition, "Established");
  if (established?.status === "True") return healthy();
  const waiting = established === undefined || established.reason === "Installing";
  return waiting ? progressing("waiting to be established") : degraded(describe(established));
}

/** Too few pods is a state a budget may be in; anything else that is False is not. */
function budgetHealth(budget: KubernetesObject): Health {
  const conditions = conditionsOf(budget["status"]);
  if (conditions.length === 0) return progressing("waiting for status");
  const wrong = conditions.find(
    ({ status, reason }) => status === "False" && reason !== "InsufficientPods",
  );
  return wrong === undefined ? healthy(conditions[0]?.reason) : degraded(describe(wrong));
}

const AUTOSCALER_DEGRADED: ReadonlySet<string> = new Set([
  "AbleToScale/FailedGetScale",
  "AbleToScale/FailedUpdateScale",
  "ScalingActive/FailedGetResourceMetric",
  "ScalingActive/InvalidSelector",
]);
const AUTOSCALER_HEALTHY: ReadonlySet<string> = new Set([
  "AbleToScale/SucceededRescale",
  "ScalingLimited/DesiredWithinRange",
  "ScalingLimited/TooFewReplicas",
  "ScalingLimited/TooManyReplicas",
]);

function autoscalerHealth(autoscaler: KubernetesObject): Health {
  const v1 = autoscaler.apiVersion === "autoscaling/v1";
  for (const condition of conditionsOf(v1 ? annotated(autoscaler) : autoscaler["status"])) {
    const state = `${condition.type}/${condition.reason}`;
    if (AUTOSCALER_DEGRADED.has(state)) return degraded(describe(condition));
    if (AUTOSCALER_HEALTHY.has(state)) return healthy(condition.message);
  }
  return progressing("waiting to autoscale");
}

const V1_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";

/** In `autoscaling/v1` the conditions are an annotation holding JSON. */
function annotated({ metadata }: KubernetesObject): { readonly conditions: unknown } {
  try {
    return { conditions: JSON.parse(metadata.annotations?.[V1_CONDITIONS] ?? "[]") as unknown };
  } catch {
    // Written by the controller; anything else there says nothing about health.
    return { conditions: [] };
  }
}
