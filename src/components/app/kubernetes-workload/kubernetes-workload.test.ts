// An app's objects in both scales, and the traps of the documents this replaces.

import { describe, expect, it } from "vitest";

import { formatPath } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { harbour } from "../../testing/definitions.ts";
import { plannedApp } from "../../testing/planned.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { appVariables } from "./environment.ts";

function objectsOf(
  environment: string,
): (kind: string, name: string) => KubernetesObject | undefined {
  const objects = emissionsOf(planEnvironment(harbour, environment))
    .filter(({ component }) => component === "kubernetes-workload")
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
  return (kind, name) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
}

describe("in a single environment", () => {
  const find = objectsOf("dev");

  it("runs one replica and no autoscaler", () => {
    expect(find("Deployment", "storefront")).toMatchObject({ spec: { replicas: 1 } });
    expect(find("HorizontalPodAutoscaler", "storefront")).toBeUndefined();
    expect(find("PodDisruptionBudget", "storefront")).toBeUndefined();
  });

  it("pulls with the registry's credentials where the image lives there", () => {
    expect(find("Deployment", "storefront")).toMatchObject({
      spec: { template: { spec: { imagePullSecrets: [{ name: "registry-credentials" }] } } },
    });
    expect(JSON.stringify(find("Deployment", "pricing"))).not.toContain("imagePullSecrets");
  });

  it("mounts secrets asked for as files, and sets the others as variables", () => {
    const text = JSON.stringify(find("Deployment", "storefront"));
    expect(text).toContain('"mountPath":"/etc/secrets/signing"');
    expect(text).toContain('{"name":"API_KEY","valueFrom"');
    expect(text).not.toContain("TLS_KEY");
  });

  it("gives no Service to an app that listens on nothing", () => {
    expect(find("Service", "mailer")).toBeUndefined();
    expect(find("Service", "pricing")).toBeDefined();
  });
});

describe("in a highly available environment", () => {
  const find = objectsOf("prod");

  it("leaves replicas to the autoscaler, which names its target", () => {
    expect(find("Deployment", "storefront")?.["spec"]).not.toHaveProperty("replicas");
    expect(find("HorizontalPodAutoscaler", "storefront")).toMatchObject({
      metadata: { namespace: "storefront" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "storefront" },
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [
          { resource: { name: "cpu", target: { averageUtilization: 70 } } },
          { resource: { name: "memory", target: { averageUtilization: 80 } } },
        ],
      },
    });
  });

  it("states replicas where nothing scales, spreads them and bounds evictions", () => {
    const deployment = find("Deployment", "pricing");
    expect(deployment).toMatchObject({ spec: { replicas: 2 } });
    expect(JSON.stringify(deployment)).toContain("topology.kubernetes.io/zone");
    expect(find("PodDisruptionBudget", "pricing")).toMatchObject({ spec: { maxUnavailable: 1 } });
  });
});

describe("variables", () => {
  it("let the app's own settings win", () => {
    const app = plannedApp({
      env: [{ name: "API_KEY", value: "none" }],
      secrets: [{ name: "payments", keys: ["api-key"], mount: "env", origin: [] }],
    });
    expect(appVariables(app)).toEqual([{ name: "API_KEY", value: "none" }]);
  });
});

describe("releases", () => {
  const withRelease = (over: Readonly<Record<string, unknown>>) => ({
    ...harbour,
    apps: { pricing: { image: "x/y:1", ...over } },
  });
  const found = (over: Readonly<Record<string, unknown>>): string[] =>
    findings(withRelease(over), "dev").map(({ code, path }) => `${code} ${formatPath(path)}`);

  it.each(["canary", "blue-green"])("a %s is refused where nothing carries it out", (kind) => {
    const steps = kind === "canary" ? { steps: [5, 100] } : {};
    expect(found({ port: 80, release: { kind, ...steps } })).toContain(
      "app/release-needs-controller apps.pricing.release",
    );
  });

  it("moves no traffic of an app that gets none", () => {
    expect(found({ release: { kind: "blue-green" } })).toContain(
      "app/release-needs-port apps.pricing.release",
    );
  });
});
