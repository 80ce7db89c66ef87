// Autoscalers at work in a small cluster on a virtual clock: the loop from declared load to replicas and back.

import { describe, expect, test } from "vitest";
import { createRng, createVirtualClock } from "../../../core/index.ts";
import type { VirtualClock } from "../../../core/index.ts";
import { statusError } from "../../../kubernetes/index.ts";
import type { ApiService, KubernetesObject } from "../../../kubernetes/index.ts";
import { createEmbeddedCluster } from "../../embedded-cluster.ts";
import type { EmbeddedCluster } from "../../embedded-cluster.ts";
import { DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER } from "../index.ts";
import type { Deployment, HorizontalPodAutoscaler, MetricSpec } from "../index.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const MINUTE = 60_000;

interface Running {
  readonly cluster: EmbeddedCluster;
  readonly clock: VirtualClock;
  autoscaler(): Promise<HorizontalPodAutoscaler>;
  replicas(): Promise<number | undefined>;
  events(): Promise<readonly string[]>;
}

async function start(
  annotations: Readonly<Record<string, string>>,
  metrics: readonly MetricSpec[],
  over: { readonly spec?: object; readonly services?: readonly ApiService[] } = {},
): Promise<Running> {
  const clock = createVirtualClock(START);
  const cluster = createEmbeddedCluster({ name: "test", clock, rng: createRng("autoscaling") });
  for (const service of over.services ?? []) cluster.context.services.offer(service);
  const { api } = cluster;
  await cluster.start();
  for (const { group, version } of over.services ?? []) {
    await api.create({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `${version}.${group}` },
      spec: { group, version, groupPriorityMinimum: 100, versionPriority: 100 },
    });
  }
  await api.create(deployment(annotations));
  await api.create({
    ...HORIZONTAL_POD_AUTOSCALER,
    metadata: { name: "web", namespace: "default" },
    spec: {
      minReplicas: 1,
      maxReplicas: 10,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      metrics,
      ...over.spec,
    },
  });
  const ref = { name: "web", namespace: "default" };
  return {
    cluster,
    clock,
    autoscaler: async () =>
      (await api.get({ ...HORIZONTAL_POD_AUTOSCALER, ...ref })) as HorizontalPodAutoscaler,
    replicas: async () => ((await api.get({ ...DEPLOYMENT, ...ref })) as Deployment).spec.replicas,
    async events() {
      const { items } = await api.list({ apiVersion: "v1", kind: "Event" });
      return items
        .filter(
          ({ involvedObject }) =>
            (involvedObject as { kind?: string }).kind === "HorizontalPodAutoscaler",
        )
        .map(({ reason, message }) => `${String(reason)}: ${String(message)}`);
    },
  };
}

function deployment(annotations: Readonly<Record<string, string>>): KubernetesObject {
  const named = Object.entries(annotations).map(([key, value]) => [
    `simulation.keelson.dev/${key}`,
    value,
  ]);
  return {
    ...DEPLOYMENT,
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" }, annotations: Object.fromEntries(named) },
        spec: {
          containers: [
            { name: "c", image: "i:1", resources: { requests: { cpu: "100m", memory: "64Mi" } } },
          ],
        },
      },
    },
  };
}

const CPU: MetricSpec = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
};

function conditions({ status }: HorizontalPodAutoscaler): readonly string[] {
  return (status?.conditions ?? []).map(
    ({ type, status: is, reason }) => `${type}=${is} ${reason}`,
  );
}

describe("a load that replicas share", () => {
  test("converges, and is given back after the stabilisation window", async () => {
    const steps = "320m for 20m, 40m shared";
    const { clock, replicas, autoscaler, events } = await start(
      { cpu: steps, "load-start": "2026-01-01T00:00:00Z" },
      [CPU],
    );
    await clock.advanceBy(15 * MINUTE);
    // 320m over 50 % of 100m is 6.4 pods: seven.
    expect(await replicas()).toBe(7);
    expect((await autoscaler()).status).toMatchObject({
      currentReplicas: 7,
      desiredReplicas: 7,
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 46, averageValue: "46m" } },
        },
      ],
    });
    expect(conditions(await autoscaler())).toEqual([
      "AbleToScale=True ReadyForNewScale",
      "ScalingActive=True ValidMetricFound",
      "ScalingLimited=False DesiredWithinRange",
    ]);
    expect(await events()).toContain(
      "SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target",
    );
    await clock.advanceBy(9 * MINUTE);
    expect(await replicas()).toBe(7);
    expect(conditions(await autoscaler())[0]).toBe("AbleToScale=True ScaleDownStabilized");
    await clock.advanceBy(4 * MINUTE);
    expect(await replicas()).toBe(1);
    expect((await events()).at(-1)).toBe(
      "SuccessfulRescale: New size: 1; reason: All metrics below target",
    );
  });

  test("stands still without a write once it has converged", async () => {
    const { clock, cluster, replicas } = await start({ cpu: "100m shared" }, [CPU]);
    await clock.advanceBy(20 * MINUTE);
    expect(await replicas()).toBe(2);
    const { revision } = cluster.context.store;
    await clock.advanceBy(20 * MINUTE);
    expect(cluster.context.store.revision).toBe(revision);
  });

  test("rates of a behaviour slow it down", async () => {
    const policies = [{ type: "Pods", value: 1, periodSeconds: 60 }];
    const spec = { behavior: { scaleUp: { policies } } };
    const { clock, replicas, autoscaler } = await start({ cpu: "900m shared" }, [CPU], { spec });
    await clock.advanceBy(4 * MINUTE);
    const after = (await replicas()) ?? 0;
    expect(after).toBeGreaterThan(1);
    expect(after).toBeLessThanOrEqual(5);
    expect(conditions(await autoscaler()).at(-1)).toBe("ScalingLimited=True ScaleUpLimit");
  });

  test("a tolerance of its own", async () => {
    const spec = { behavior: { scaleUp: { tolerance: "0.5" } } };
    const { clock, replicas } = await start({ cpu: "70m" }, [CPU], { spec });
    await clock.advanceBy(10 * MINUTE);
    expect(await replicas()).toBe(1);
  });
});

describe("other metrics", () => {
  /** Serves one number for whatever is asked, as a metrics adapter would. */
  const adapter = (group: string, version: string, value: () => string): ApiService => ({
    group,
    version,
    resources: () => [],
    read({ resource, name, subresource }) {
      if (resource === "services" && name === "absent") {
        throw statusError(
          "NotFound",
          `the server could not find the metric ${subresource} for ${resource} ${name}`,
        );
      }
      const timestamp = new Date(START).toISOString();
      return { items: [{ describedObject: { name: "any" }, timestamp, value: value() }] };
    },
  });
  const external: MetricSpec = {
    type: "External",
    external: {
      metric: { name: "queue", selector: { matchLabels: { q: "a" } } },
      target: { type: "AverageValue", averageValue: "30" },
    },
  };

  test("an external metric, and the highest of several", async () => {
    let depth = "90";
    const services = [adapter("external.metrics.k8s.io", "v1beta1", () => depth)];
    const { clock, replicas, autoscaler, events } = await start({ cpu: "10m" }, [CPU, external], {
      services,
    });
    await clock.advanceBy(2 * MINUTE);
    expect(await replicas()).toBe(3);
    expect((await autoscaler()).status?.currentMetrics?.[1]).toEqual({
      type: "External",
      external: {
        metric: { name: "queue", selector: { matchLabels: { q: "a" } } },
        current: { averageValue: "30" },
      },
    });
    expect((await events()).join("\n")).toContain(
      "external metric queue(&LabelSelector{MatchLabels:map[string]string{q: a,},MatchExpressions:[]LabelSelectorRequirement{},}) above target",
    );
    depth = "150";
    await clock.advanceBy(MINUTE);
    expect(await replicas()).toBe(5);
  });

  test("an object's metric, and one that nobody knows", async () => {
    const services = [adapter("custom.metrics.k8s.io", "v1beta2", () => "200")];
    const object = (name: string): MetricSpec => ({
      type: "Object",
      object: {
        describedObject: { apiVersion: "v1", kind: "Service", name },
        metric: { name: "qps" },
        target: { type: "Value", value: "100" },
      },
    });
    const { clock, replicas, events } = await start({}, [object("web"), object("absent")], {
      services,
    });
    await clock.advanceBy(2 * MINUTE);
    expect(await replicas()).toBeGreaterThan(1);
    expect(await events()).toContain(
      "FailedGetObjectMetric: unable to get metric qps: Service on default absent/unable to fetch metrics from custom metrics API: the server could not find the metric qps for services absent",
    );
  });

  test("no API for any of them", async () => {
    const pods: MetricSpec = {
      type: "Pods",
      pods: { metric: { name: "qps" }, target: { type: "AverageValue", averageValue: "1" } },
    };
    const { clock, autoscaler, events } = await start({}, [pods, external]);
    await clock.advanceBy(5 * MINUTE);
    const { status } = await autoscaler();
    expect(status).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 0,
      currentMetrics: [{ type: "" }, { type: "" }],
    });
    expect(await events()).toEqual([
      "FailedGetPodsMetric: unable to get metric qps: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered",
      "FailedGetExternalMetric: failed to get queue external metric: unable to get external metric default/queue/&LabelSelector{MatchLabels:map[string]string{q: a,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)",
      "FailedComputeMetricsReplicas: invalid metrics (2 invalid out of 2), first error is: failed to get pods metric value: unable to get metric qps: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered",
    ]);
  });

  test("memory in bytes, and a container of its own", async () => {
    const container: MetricSpec = {
      type: "ContainerResource",
      containerResource: {
        name: "memory",
        container: "c",
        target: { type: "AverageValue", averageValue: "32Mi" },
      },
    };
    const { clock, replicas, autoscaler } = await start({ memory: "96Mi shared" }, [container]);
    await clock.advanceBy(5 * MINUTE);
    expect(await replicas()).toBe(3);
    expect((await autoscaler()).status?.currentMetrics).toEqual([
      {
        type: "ContainerResource",
        containerResource: {
          name: "memory",
          container: "c",
          current: { averageValue: "33554432" },
        },
      },
    ]);
  });
});

test("two autoscalers do not fight over the same pods", async () => {
  const { cluster, clock, autoscaler } = await start({ cpu: "10m" }, [CPU]);
  const first = await autoscaler();
  await cluster.api.create({
    ...HORIZONTAL_POD_AUTOSCALER,
    metadata: { name: "second", namespace: "default" },
    spec: first.spec,
  });
  await clock.advanceBy(2 * MINUTE);
  expect(conditions(await autoscaler())).toContain("ScalingActive=False AmbiguousSelector");
  expect(
    (await autoscaler()).status?.conditions?.find(({ type }) => type === "ScalingActive")?.message,
  ).toBe(
    "pods by selector app=web are controlled by multiple HPAs: [{second default} {web default}]",
  );
});
