// The autoscalers a definition gets, at work in virtual time on declared load: from 140 % to double, within the bounds, and back
// only after the stabilisation window. Each app has a policy of its own; each field one place where it ends up.

import { beforeAll, describe, expect, it } from "vitest";

import { isRecord, valueAt } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { shop } from "./definitions.ts";
import {
  bootSmall,
  compileSmall,
  MINUTE_MS,
  type Platform,
  type SmallPlatform,
} from "./small-platform.ts";

const KINDS = [
  "PriorityClass",
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "Service",
  "Deployment",
  "PodDisruptionBudget",
  "HorizontalPodAutoscaler",
];

/** All pods of `web` together use this: 280m of two that request 100m are 140 % each, twice the target. */
const LOAD = "100m for 3m, 280m for 10m, 2 for 10m, 20m shared";

function underLoad(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Deployment" || object.metadata.name !== "web") return object;
  const spec = object["spec"] as { template: { metadata: object; spec: object } };
  const annotations = {
    "simulation.keelson.dev/cpu": LOAD,
    "simulation.keelson.dev/load-start": "2026-01-01T00:00:00Z",
  };
  const { template } = spec;
  const metadata = { ...template.metadata, annotations };
  return { ...object, spec: { ...spec, template: { ...template, metadata } } };
}

describe("the autoscaler of an app", () => {
  let platform: SmallPlatform;
  beforeAll(async () => {
    platform = await bootSmall(compileSmall(shop, "prod"), { kinds: KINDS, change: underLoad });
  });

  it("doubles at twice its target, keeps its bounds, and gives back late", async () => {
    const seen: string[] = [];
    const from = platform.clock.now();
    for (let minute = 1; minute <= 30; minute += 1) {
      await platform.advance(from + minute * MINUTE_MS - platform.clock.now());
      const count = (await platform.ready("web")).length;
      if (seen.at(-1)?.startsWith(`${count} `) !== true) seen.push(`${count} at ${minute} min`);
    }
    // Load begins after two and a half minutes; what is given back waits for five minutes without need.
    expect(seen.map((one) => one.split(" ")[0])).toEqual(["2", "4", "6", "2"]);
    const [, doubled, bounded, back] = seen.map((one) => Number(one.split(" ")[2]));
    expect(doubled).toBeLessThanOrEqual(5);
    expect(bounded).toBeLessThanOrEqual(15);
    expect(back).toBeGreaterThanOrEqual(27);
  });

  it("leaves the other app alone, which has a policy of its own", async () => {
    expect(await platform.ready("api")).toHaveLength(3);
    const { items } = await platform.api.list({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
    });
    const bounds = items.map(({ metadata, spec }) => [
      metadata.name,
      valueAt(spec, ["minReplicas"]),
      valueAt(spec, ["maxReplicas"]),
      (valueAt(spec, ["metrics"]) as readonly unknown[]).length,
    ]);
    expect(bounds).toEqual([
      ["api", 3, 10, 2],
      ["web", 2, 6, 1],
    ]);
  });

  it("aims at the workload it is of", () => {
    const scalers = platform.target.objects.filter(
      ({ object }) => object.kind === "HorizontalPodAutoscaler",
    );
    for (const { object } of scalers)
      expect(object["spec"]).toMatchObject({
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: object.metadata.name },
      });
  });
});

/** Every field that differs between two trees of objects: kind/name path. */
function differences(before: Platform, after: Platform, environment: string): string[] {
  const [a, b] = [before, after].map((definition) =>
    compileSmall(definition, environment).objects.map(({ object }) => object),
  );
  const key = ({ kind, metadata }: KubernetesObject): string =>
    `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
  const old = new Map((a ?? []).map((object) => [key(object), object]));
  return (b ?? []).flatMap((object) =>
    changed(old.get(key(object)), object).map((path) => `${key(object)} ${path}`),
  );
}

function changed(a: unknown, b: unknown, path = ""): string[] {
  if (isRecord(a) && isRecord(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((field) =>
      changed(a[field], b[field], path === "" ? field : `${path}.${field}`),
    );
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.flatMap((item, at) => changed(item, b[at], `${path}[${at}]`));
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
}

const web = (more: object): Platform => ({
  ...shop,
  // Fixed quotas: derived ones follow the app, which is another table.
  tenancy: {
    kind: "namespaces",
    quotas: {
      web: { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "8", memory: "16Gi" } },
    },
  },
  apps: {
    ...shop.apps,
    web: { ...shop.apps?.["web"], image: "ghcr.io/example/web:1.0.0", ...more },
  },
});
const HPA = "HorizontalPodAutoscaler web/web";
const POD = "Deployment web/web spec.template.spec.containers[0]";

describe("one field, one attribute", () => {
  it.each([
    {
      name: "floor",
      change: { scale: { min: 3, max: 6, cpu: 70 } },
      want: [`${HPA} spec.minReplicas`],
    },
    {
      name: "target",
      change: { scale: { min: 2, max: 6, cpu: 50 } },
      want: [`${HPA} spec.metrics[0].resource.target.averageUtilization`],
    },
    {
      name: "what a container requests",
      change: { resources: { requests: { memory: "192Mi" } } },
      want: [`${POD}.resources.requests.memory`],
    },
    {
      name: "what it may use",
      change: { resources: { limits: { memory: "512Mi" } } },
      want: [`${POD}.resources.limits.memory`],
    },
  ])("$name", ({ change, want }) => {
    expect(differences(web({}), web(change), "prod")).toEqual(want);
  });

  it("the size of the nodes and of a database's volume are one word each", () => {
    const grown = {
      ...shop,
      clusters: {
        main: { ...shop.clusters["main"], nodes: { count: 3, cpu: "8", memory: "8Gi" } },
      },
    } as Platform;
    expect(differences(shop, grown, "prod")).toEqual([]);
    expect(compileSmall(grown, "prod").cluster.nodes.map(({ cpu }) => cpu)).toEqual(["8"]);
  });
});

describe("environments", () => {
  const kinds = (environment: string): string[] =>
    compileSmall(shop, environment)
      .objects.map(({ object }) => `${object.kind} ${object.metadata.name}`)
      .toSorted();

  it("development runs one pod and no autoscaler, whatever the floor says", () => {
    const { objects } = compileSmall(shop, "dev");
    const named = (kind: string) => objects.filter(({ object }) => object.kind === kind);
    expect(named("HorizontalPodAutoscaler")).toEqual([]);
    expect(named("PodDisruptionBudget")).toEqual([]);
    expect(named("Deployment").map(({ object }) => valueAt(object, ["spec", "replicas"]))).toEqual([
      1, 1,
    ]);
  });

  it("staging has the shape of production", () => {
    expect(kinds("staging")).toEqual(kinds("prod"));
  });
});
