// A quota never stands in the way of what the plan itself wants: autoscaling to the maximum with a rolling update on top.

import { describe, expect, it } from "vitest";

import { ENVIRONMENTS } from "../../testing/definitions.ts";
import { plannedApp, plannedCluster } from "../../testing/planned.ts";
import { emissionsOf, planEnvironment } from "../../testing/plan.ts";
import { appWorkload } from "../../app/kubernetes-workload/surface.ts";
import { containerResources } from "../../options/index.ts";
import { cpuMilli, namespaceDemand } from "./demand.ts";
import { quotaDemand, resourceQuota } from "./resource-quota.ts";

const OPTIONS = {
  scheme: "app",
  quotas: {},
  headroom: 0,
  defaults: containerResources(["100m", "128Mi"], ["500m", "256Mi"]),
} as const;

describe("demand", () => {
  const app = plannedApp({
    replicas: 2,
    scale: { min: 2, max: 10, cpu: 70 },
    release: { kind: "rolling", maxSurge: 1, maxUnavailable: 0 },
  });
  const cluster = plannedCluster({ apps: [app], workloads: [appWorkload(plannedCluster(), app)] });

  it("counts the autoscaler's maximum and the surge", () => {
    expect(namespaceDemand(cluster, "storefront", "500m")).toMatchObject({
      pods: 11,
      requestedCpuMilli: 1100,
      limitCpuMilli: 5500,
    });
  });

  it("leaves room for one pod nobody planned", () => {
    expect(quotaDemand(cluster, "storefront", OPTIONS)).toMatchObject({
      pods: 12,
      requestedCpuMilli: 1200,
    });
  });

  it("prints figures a person would write", () => {
    expect(resourceQuota(cluster, "storefront", OPTIONS)).toMatchObject({
      spec: {
        hard: {
          "requests.cpu": "1200m",
          "requests.memory": "1536Mi",
          "limits.cpu": "6",
          "limits.memory": "3Gi",
          pods: "12",
        },
      },
    });
  });

  it("keeps the figures a person fixed", () => {
    const quota = { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "8", memory: "16Gi" } };
    const options = { ...OPTIONS, quotas: { storefront: quota } };
    expect(resourceQuota(cluster, "storefront", options)).toMatchObject({
      spec: {
        hard: {
          "requests.cpu": "4",
          "requests.memory": "8Gi",
          "limits.cpu": "8",
          "limits.memory": "16Gi",
          pods: "12",
        },
      },
    });
  });

  it("counts a daemon on every node, and a job once", () => {
    const daemon = { ...appWorkload(plannedCluster(), app), kind: "DaemonSet" } as const;
    const job = { ...daemon, name: "job", kind: "CronJob", replicas: 1 } as const;
    const demand = namespaceDemand(
      plannedCluster({ workloads: [daemon, job] }),
      "storefront",
      "500m",
    );
    expect(demand.pods).toBe(4);
  });
});

describe.each(ENVIRONMENTS)("%s", (_title, definition, environment) => {
  const planned = planEnvironment(definition, environment);
  const objects = emissionsOf(planned)
    .filter(({ component }) => component === "namespaces")
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);

  it("gives every namespace but the distribution's a quota, defaults and a Pod Security level", () => {
    const owned = planned.cluster.namespaces.filter(({ tenancy }) => tenancy !== "system");
    for (const kind of ["ResourceQuota", "LimitRange"]) {
      const namespaces = objects
        .filter((object) => object.kind === kind)
        .map(({ metadata }) => metadata.namespace);
      expect(namespaces).toEqual(owned.map(({ name }) => name));
    }
    for (const { name, podSecurity } of owned) {
      const namespace = objects.find(
        ({ kind, metadata }) => kind === "Namespace" && metadata.name === name,
      );
      expect(namespace?.metadata.labels).toMatchObject({
        "pod-security.kubernetes.io/enforce": podSecurity,
        "pod-security.kubernetes.io/warn": "restricted",
      });
    }
    expect(objects.map(({ metadata }) => metadata.name)).not.toContain("kube-system");
  });

  it("lets every workload of the plan run at its largest", () => {
    for (const object of objects.filter(({ kind }) => kind === "ResourceQuota")) {
      const { hard } = object["spec"] as { hard: Record<string, string> };
      const demand = namespaceDemand(planned.cluster, String(object.metadata.namespace), "500m");
      expect(cpuMilli(hard["limits.cpu"] ?? "0")).toBeGreaterThan(demand.limitCpuMilli);
      expect(Number(hard["pods"])).toBeGreaterThan(demand.pods);
    }
  });
});
