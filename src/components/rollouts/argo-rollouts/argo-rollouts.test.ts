// What a released app gets, by router and strategy, and who owns which number.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { merge } from "../../../model/index.ts";
import { harbour, inherited } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { decorateReleased } from "./decorate.ts";

const canary = {
  kind: "canary",
  steps: [5, 25, 50, 100],
  pause: "2m",
  analysis: { path: "/readyz", interval: "10s", failures: 0 },
};
const released = merge(harbour, {
  rollouts: { kind: "argo-rollouts" },
  apps: { storefront: { release: canary } },
});

function objectsOf(definition: unknown, environment: string) {
  const planned = planEnvironment(definition, environment);
  const objects = emissionsOf(planned).flatMap(({ emission }) => emission.objects ?? []);
  const { cluster, graph } = planned;
  const decorated = objects.map(({ object }) =>
    decorateReleased(object, { cluster, graph, path: [], sealed: {} }),
  );
  const find = (kind: string, name: string): KubernetesObject | undefined =>
    decorated.find((object) => object.kind === kind && object.metadata.name === name);
  return { find, cluster };
}

describe("a canary behind the Gateway API", () => {
  const { find, cluster } = objectsOf(released, "prod");

  it("steps through its shares by the plug-in, with the pods of the Deployment", () => {
    expect(find("Rollout", "storefront")?.["spec"]).toEqual({
      workloadRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: "storefront",
        scaleDown: "progressively",
      },
      strategy: {
        canary: {
          stableService: "storefront",
          canaryService: "storefront-canary",
          trafficRouting: {
            plugins: {
              "argoproj-labs/gatewayAPI": { httpRoute: "storefront", namespace: "storefront" },
            },
          },
          analysis: {
            templates: [{ templateName: "storefront" }],
            args: [{ name: "hash", valueFrom: { podTemplateHashValue: "Latest" } }],
          },
          steps: [
            { setWeight: 5 },
            { pause: { duration: "120s" } },
            { setWeight: 25 },
            { pause: { duration: "120s" } },
            { setWeight: 50 },
            { pause: { duration: "120s" } },
            { setWeight: 100 },
          ],
        },
      },
    });
  });

  it("has two weighted backends, both of them Services", () => {
    expect(find("HTTPRoute", "storefront")).toMatchObject({
      spec: {
        rules: [
          {
            backendRefs: [
              { name: "storefront", port: 80, weight: 100 },
              { name: "storefront-canary", port: 80, weight: 0 },
            ],
          },
        ],
      },
    });
    expect(find("Service", "storefront-canary")?.["spec"]).toEqual(
      find("Service", "storefront")?.["spec"],
    );
  });

  it("leaves the number of pods to the autoscaler of the Rollout", () => {
    expect(find("Deployment", "storefront")?.["spec"]).not.toHaveProperty("replicas");
    expect(find("HorizontalPodAutoscaler", "storefront")).toMatchObject({
      spec: { scaleTargetRef: { kind: "Rollout", name: "storefront" } },
    });
  });

  it("tells every engine which fields are decided on the cluster", () => {
    const text = cluster.ownedFields.map(({ kind, name, field }) =>
      [kind, name, ...field].join(" "),
    );
    expect(text).toEqual([
      "Deployment storefront spec replicas",
      "Rollout storefront spec replicas",
      "Service storefront spec selector rollouts-pod-template-hash",
      "Service storefront-canary spec selector rollouts-pod-template-hash",
      "HTTPRoute storefront spec rules * backendRefs * weight",
    ]);
  });
});

describe("other routers and strategies", () => {
  const { find } = objectsOf(inherited, "test");

  it("names the Ingress that nginx's canary stands beside", () => {
    expect(find("Rollout", "lamp")).toMatchObject({
      spec: { strategy: { canary: { trafficRouting: { nginx: { stableIngress: "lamp" } } } } },
    });
  });

  it("switches a blue/green release by selectors alone", () => {
    expect(find("Rollout", "shade")).toMatchObject({
      spec: {
        strategy: {
          blueGreen: {
            activeService: "shade",
            previewService: "shade-preview",
            autoPromotionEnabled: true,
            scaleDownDelaySeconds: 600,
          },
        },
      },
    });
    expect(find("Service", "shade-preview")).toBeDefined();
  });
});

describe("what is refused", () => {
  const codes = (over: Readonly<Record<string, unknown>>): string[] =>
    findings(merge(released, over), "dev").map(({ code }) => code);

  it.each([
    {
      name: "shares of an app that nothing stands in front of",
      over: { apps: { pricing: { release: canary } } },
      code: "app/release-needs-traffic-split",
    },
    {
      name: "figures nobody collects",
      over: { apps: { storefront: { release: { analysis: { errorRate: 5 } } } } },
      code: "app/analysis-needs-metrics",
    },
    {
      name: "an analysis that judges nothing",
      over: { apps: { storefront: { release: { analysis: { path: null } } } } },
      code: "model/contradiction",
    },
  ])("$name", ({ over, code }) => {
    expect(codes(over)).toContain(code);
    expect(codes({})).toEqual([]);
  });
});
