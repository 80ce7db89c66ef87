// What keeps an app up while a node is away: more than one replica, on different nodes, with a floor for evictions.

import { isRecord } from "../../core/index.ts";
import type { LabelSelector } from "../../kubernetes/index.ts";
import { labelRequirements, matchesLabels } from "../../kubernetes/index.ts";
import type { PlannedApp } from "../../model/index.ts";
import type { PodTemplate } from "../pod-template.ts";
import { plainText, recordOf, recordsIn } from "../pod-template.ts";
import type { TargetView } from "../target-view.ts";
import type { Prove } from "./proof.ts";

export const proveNodeLoss: Prove = (view) =>
  view.cluster.scale === "single" ? [] : view.cluster.apps.flatMap((app) => proveApp(app, view));

function proveApp(app: PlannedApp, view: TargetView): ReturnType<Prove> {
  const pod = view.pods.find(
    ({ compiled, namespace }) =>
      namespace === app.namespace && compiled.object.metadata.name === app.name,
  );
  const nodes = view.cluster.nodes.filter(({ role }) => role === "worker");
  const nodeCount = nodes.reduce((sum, { count }) => sum + count, 0);
  if (pod === undefined || app.replicas < 2 || nodeCount < 2) return [];
  const budget = budgetOf(pod, view);
  if (!isSpread(pod) || budget === undefined) return [];
  const replicas = app.scale
    ? `${app.scale.min} to ${app.scale.max} replicas`
    : `${app.replicas} replicas`;
  const evidence = `${replicas} spread over ${nodeCount} nodes, ${budget}`;
  return [{ promise: `${app.name} survives the loss of a node`, evidence }];
}

function isSpread({ spec }: PodTemplate): boolean {
  const constraints = recordsIn(spec["topologySpreadConstraints"]);
  if (constraints.some(({ topologyKey }) => topologyKey === "kubernetes.io/hostname")) return true;
  return isRecord(recordOf(spec["affinity"])["podAntiAffinity"]);
}

function budgetOf({ namespace, labels }: PodTemplate, view: TargetView): string | undefined {
  for (const { object } of view.ofKind("PodDisruptionBudget")) {
    const { selector, minAvailable, maxUnavailable } = recordOf(object["spec"]);
    // The schema check reports a selector of another shape.
    const requirements = labelRequirements(selector as LabelSelector);
    if (object.metadata.namespace !== namespace || !matchesLabels(requirements, labels)) continue;
    return minAvailable === undefined
      ? `at most ${plainText(maxUnavailable)} evicted at a time`
      : `at least ${plainText(minAvailable)} kept`;
  }
  return undefined;
}
