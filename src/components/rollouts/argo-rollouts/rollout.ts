// The Rollout of one app. Its pods are those of the app's Deployment, which stays what everything else knows: docs/adr names
// why. Fields: argo-rollouts docs/features/specification.md v1.9.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, TrafficSplit } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { ROLLOUT, type BlueGreen, type Canary, type Released } from "./released.ts";

/** Name of the plug-in as Rollouts and the controller's configuration have to spell it. */
export const GATEWAY_API_PLUGIN = "argoproj-labs/gatewayAPI";

export function rolloutOf({ platform }: PlannedCluster, released: Released): KubernetesObject {
  const { app } = released;
  return {
    ...ROLLOUT,
    metadata: {
      name: app.name,
      namespace: app.namespace,
      labels: systemLabels(platform, app.name, "app"),
    },
    spec: {
      // An autoscaler owns the number where there is one.
      ...(app.scale === undefined ? { replicas: app.replicas } : {}),
      workloadRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: app.name,
        // Its own pods go as the Rollout's become ready, so that a running app changes hands without a gap.
        scaleDown: "progressively",
      },
      strategy: strategyOf(released),
    },
  };
}

function strategyOf(released: Released): Fields {
  const { release } = released;
  return release.kind === "canary"
    ? { canary: canary(released, release) }
    : { blueGreen: blueGreen(released, release) };
}

function canary({ app, candidate }: Released, { steps, pauseMs, analysis }: Canary): Fields {
  return {
    stableService: app.name,
    canaryService: candidate,
    ...(app.split === undefined ? {} : { trafficRouting: trafficRouting(app, app.split) }),
    ...(analysis === undefined ? {} : { analysis: analysisOf(app.name) }),
    // All of the traffic needs no pause: nothing comes after it.
    steps: steps.flatMap((setWeight) => [
      { setWeight },
      ...(setWeight === 100 ? [] : pauses(pauseMs)),
    ]),
  };
}

function pauses(pauseMs: number | undefined): Fields[] {
  if (pauseMs === undefined) return [{ pause: {} }];
  return pauseMs === 0 ? [] : [{ pause: { duration: `${seconds(pauseMs)}s` } }];
}

function trafficRouting(
  { namespace }: Released["app"],
  { form, objects, entries }: TrafficSplit,
): Fields {
  const [name = ""] = objects;
  switch (form) {
    case "http-route":
      return {
        plugins: {
          [GATEWAY_API_PLUGIN]:
            objects.length === 1
              ? { httpRoute: name, namespace }
              : { httpRoutes: objects.map((one) => ({ name: one })), namespace },
        },
      };
    case "canary-ingress":
      return { nginx: { stableIngress: name } };
    case "virtual-service":
      return {
        istio: { virtualService: { name, ...(entries === undefined ? {} : { routes: entries }) } },
      };
  }
}

function blueGreen(
  { app, candidate }: Released,
  { promotion, keepOldMs, analysis }: BlueGreen,
): Fields {
  return {
    activeService: app.name,
    previewService: candidate,
    autoPromotionEnabled: promotion === "automatic",
    scaleDownDelaySeconds: seconds(keepOldMs),
    ...(analysis === undefined ? {} : { prePromotionAnalysis: analysisOf(app.name) }),
  };
}

function analysisOf(templateName: string): Fields {
  return {
    templates: [{ templateName }],
    args: [{ name: "hash", valueFrom: { podTemplateHashValue: "Latest" } }],
  };
}

/** Whole ones: what the fields take. */
export const seconds = (ms: number): number => Math.ceil(ms / 1000);
