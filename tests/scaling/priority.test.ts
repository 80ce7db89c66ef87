// Where room runs out the platform goes first, apps second, jobs last; and whoever runs pods says which of them they are.

import { describe, expect, it } from "vitest";

import { CHARTS } from "../../src/catalog/index.ts";
import { isRecord } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { granary, harbour } from "../../src/components/testing/definitions.ts";
import { findings } from "../../src/components/testing/plan.ts";
import { rankOf } from "../../src/components/priority/priority-classes/rank.ts";
import { podSpecPath } from "../../src/components/posture/restricted/pod-spec.ts";
import { rankedStandIn } from "../../src/components/index.ts";
import { shop } from "./definitions.ts";
import { bootSmall, compileSmall, isReady, MINUTE_MS, podsOf } from "./small-platform.ts";

const classOf = (object: KubernetesObject): unknown => {
  let current: unknown = object;
  for (const field of podSpecPath(object) ?? []) current = isRecord(current) && current[field];
  return isRecord(current) ? current["priorityClassName"] : undefined;
};

const pod = (name: string, priorityClassName?: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", labels: { "app.kubernetes.io/name": name } },
  spec: {
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    containers: [{ name: "c", image: "i:1", resources: { requests: { cpu: "3" } } }],
  },
});

describe("priority classes", () => {
  it("are three, and pods that name none are apps", () => {
    const classes = compileSmall(shop, "prod").objects.flatMap(({ object }) =>
      object.kind === "PriorityClass" ? [object] : [],
    );
    expect(
      classes.map(({ metadata, value, globalDefault, preemptionPolicy }) => [
        metadata.name,
        value,
        globalDefault,
        preemptionPolicy,
      ]),
    ).toEqual([
      ["apps", 100_000, true, undefined],
      ["batch", 10_000, undefined, "Never"],
      ["platform", 1_000_000, undefined, undefined],
    ]);
  });

  it.each([
    { name: "an app's pods", kind: "Deployment", object: "storefront", want: "apps" },
    { name: "a system's pods", kind: "StatefulSet", object: "orders", want: "platform" },
    { name: "what runs by the clock", kind: "CronJob", object: "", want: "batch" },
  ])("$name", ({ kind, object: wanted, want }) => {
    const { objects } = compileSmall(harbour, "dev");
    const found = objects.find(
      ({ object }) => object.kind === kind && object.metadata.name.includes(wanted),
    );
    expect(found && classOf(found.object)).toBe(want);
  });

  it.each([
    { name: "an app's job", namespace: "web", want: "batch" },
    { name: "a system's job", namespace: "db", want: "platform" },
  ])("$name", ({ namespace, want }) => {
    const place = { podSecurity: "restricted", origin: [] } as const;
    const namespaces = [
      { ...place, name: "web", tenancy: "app" },
      { ...place, name: "db", tenancy: "platform" },
    ] as const;
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "once", namespace } };
    expect(rankOf(job, { namespaces })).toBe(want);
  });

  it("every pod template that is emitted names one", () => {
    const { objects } = compileSmall(harbour, "dev");
    const running = objects.filter(({ object }) => podSpecPath(object) !== undefined);
    expect(running.length).toBeGreaterThan(5);
    expect(running.filter(({ object }) => classOf(object) === undefined)).toEqual([]);
  });

  it("reach what charts and operators run", () => {
    const { charts, objects } = compileSmall(granary, "prod");
    const values = Object.fromEntries(charts.map((chart) => [chart.name, chart.values]));
    expect(values["argocd"]).toMatchObject({ global: { priorityClassName: "platform" } });
    const named = (kind: string) => objects.find(({ object }) => object.kind === kind)?.object;
    expect(named("Cluster")).toMatchObject({ spec: { priorityClassName: "platform" } });
    expect(named("KafkaNodePool")).toMatchObject({
      spec: { template: { pod: { priorityClassName: "platform" } } },
    });
  });

  it("stand-ins have the class their chart would give them", () => {
    const { cluster } = compileSmall(shop, "prod");
    const standIn = (chart: string) =>
      rankedStandIn(
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "x", namespace: "monitoring" },
          spec: { template: { spec: { containers: [] } } },
        },
        cluster,
        CHARTS[chart] ?? { repository: "", chart },
      );
    expect(classOf(standIn("kube-prometheus-stack"))).toBe("platform");
    expect(classOf(standIn("metrics-server"))).toBe("system-cluster-critical");
  });

  it("values a person wrote win, and an order upside down is found", () => {
    const upside = { ...shop, priority: { kind: "priority-classes", apps: 2_000_000 } as const };
    expect(findings(upside, "prod").map(({ code }) => code)).toEqual(["priority/order"]);
    const raised = { ...shop, priority: { kind: "priority-classes", batch: 20_000 } as const };
    expect(findings(raised, "prod")).toEqual([]);
  });
});

describe("a full cluster", () => {
  it("gives up jobs for apps and apps for the platform; a job waits", async () => {
    const target = compileSmall(shop, "prod");
    const { api, advance } = await bootSmall(target, { kinds: ["PriorityClass"] });
    // Three nodes of four cores: one pod of three cores each.
    for (const name of ["report", "sweep", "digest"]) await api.create(pod(name, "batch"));
    await advance(MINUTE_MS);
    await api.create(pod("web"));
    await api.create(pod("api", "apps"));
    await api.create(pod("shop", "apps"));
    await advance(3 * MINUTE_MS);
    expect(await running()).toEqual(["api", "shop", "web"]);
    await api.create(pod("gateway", "platform"));
    await api.create(pod("late", "batch"));
    await advance(3 * MINUTE_MS);
    expect(await running()).toContain("gateway");
    expect(await running()).toHaveLength(3);
    const late = (await podsOf(api, "late"))[0];
    expect(late?.status.phase).toBe("Pending");
    expect((await podsOf(api, "web"))[0]?.spec).toMatchObject({ priorityClassName: "apps" });

    async function running(): Promise<string[]> {
      return (await podsOf(api))
        .filter(isReady)
        .map(({ metadata }) => metadata.name)
        .toSorted();
    }
  });
});
