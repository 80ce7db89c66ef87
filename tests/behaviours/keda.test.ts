// KEDA on a real embedded API under virtual time: a ScaledObject becomes an autoscaler, which follows a window of the clock,
// keeps the floor outside of it, and says what it cannot know.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { behaviour } from "../../src/components/event-scaling/keda/behaviour.ts";
import { kedaCrdFacts } from "../../src/components/event-scaling/keda/crds.facts.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import { windowsOf } from "../../src/components/event-scaling/keda/week.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";

const MINUTE_MS = 60_000;
const AUTOSCALER = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" } as const;

let clock: VirtualClock;
let cluster: EmbeddedCluster;
let stop: () => void;

beforeEach(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 5, 6)); // a Monday, 06:00
  cluster = createEmbeddedCluster({ name: "test", clock, rng: createRng("test") });
  await cluster.start();
  for (const definition of crdObjects(kedaCrdFacts)) await cluster.api.create(definition);
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const context = {
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  const factories = behaviour.controllers?.(context) ?? [];
  const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
  running.start();
  for (const service of behaviour.apiServices?.(context) ?? [])
    cluster.context.services.offer(service);
  for (const object of OBJECTS) await cluster.api.create(object);
  await clock.advanceBy(1000);
  stop = () => running.stop();
});
afterEach(() => {
  stop();
  cluster.stop();
});

const OBJECTS: readonly KubernetesObject[] = [
  {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.external.metrics.k8s.io" },
    spec: {
      group: "external.metrics.k8s.io",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "lamp", namespace: "default" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "lamp" } },
      template: {
        metadata: { labels: { app: "lamp" } },
        spec: { containers: [{ name: "lamp", image: "lamp" }] },
      },
    },
  },
];

const BUSY_MINUTES = {
  type: "cron",
  metadata: { timezone: "UTC", start: "3 6 * * 1-5", end: "5 6 * * 1-5", desiredReplicas: "4" },
};
const QUEUE = {
  type: "aws-sqs-queue",
  metadata: { queueURL: "http://sqs:9324/000000000000/mail", queueLength: "5", awsRegion: "x" },
};

async function scale(triggers: readonly object[], annotations = {}): Promise<void> {
  await cluster.api.create({
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "lamp", namespace: "default", annotations },
    spec: { scaleTargetRef: { name: "lamp" }, minReplicaCount: 2, maxReplicaCount: 8, triggers },
  });
  await clock.advanceBy(MINUTE_MS);
}

async function get(kind: object, name: string): Promise<KubernetesObject> {
  return cluster.api.get({ ...(kind as typeof AUTOSCALER), namespace: "default", name });
}

async function replicas(): Promise<unknown> {
  const found = await get({ apiVersion: "apps/v1", kind: "Deployment" }, "lamp");
  return (found["spec"] as { readonly replicas: number }).replicas;
}

describe("keda", () => {
  it("makes the autoscaler, keeps it, and says that it is ready", async () => {
    await scale([QUEUE, BUSY_MINUTES]);
    const found = await get(AUTOSCALER, "keda-hpa-lamp");
    expect(found["spec"]).toMatchObject({
      minReplicas: 2,
      maxReplicas: 8,
      metrics: [
        { external: { metric: { name: "s0-aws-sqs-mail" }, target: { averageValue: "5" } } },
        { external: { metric: { name: "s1-cron-UTC-36xx1-5-56xx1-5" } } },
      ],
    });
    const scaled = await get({ apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" }, "lamp");
    expect(scaled["status"]).toMatchObject({ hpaName: "keda-hpa-lamp" });
    await cluster.api.delete({ ...AUTOSCALER, namespace: "default", name: "keda-hpa-lamp" });
    await clock.advanceBy(1000);
    expect((await get(AUTOSCALER, "keda-hpa-lamp")).metadata.uid).not.toBe(found.metadata.uid);
  });

  it("holds more replicas within a window, and the floor outside of it", async () => {
    await scale([BUSY_MINUTES]);
    const seen = [await replicas()];
    for (const minutes of [3, 2, 6]) {
      await clock.advanceBy(minutes * MINUTE_MS);
      seen.push(await replicas());
    }
    // 06:01, 06:04, 06:06, and 06:12: fewer only after five minutes in which fewer would have done.
    expect(seen).toEqual([2, 4, 4, 2]);
  });

  it("has no value for a queue it cannot see, and the autoscaler says so", async () => {
    await scale([QUEUE]);
    const { conditions } = (await get(AUTOSCALER, "keda-hpa-lamp"))["status"] as {
      readonly conditions: readonly { readonly reason: string; readonly message: string }[];
    };
    expect(
      conditions.find(({ reason }) => reason === "FailedGetExternalMetric")?.message,
    ).toContain("no matching metrics found for s0-aws-sqs-mail");
    expect(await replicas()).toBe(2);
  });

  it("adds pods while a latency is over its target, and takes them away when it no longer is", async () => {
    // Jobs wait ten seconds, then forty, four times what they may; then hardly at all.
    const told = { "simulation.keelson.dev/s0-prometheus": "10 for 5m, 40 for 1m, 9 for 5m, 1" };
    await scale([WAIT], told);
    const seen = [await replicas()];
    for (const minutes of [5, 3, 12]) {
      await clock.advanceBy(minutes * MINUTE_MS);
      seen.push(await replicas());
    }
    expect(seen).toEqual([2, 8, 8, 2]);
  });

  it("is there before the usual peak, and answers an unusual one by what is measured", async () => {
    // Mondays to Fridays from seven to nine there is work for six; ten minutes ahead is 06:50.
    const load = Array.from({ length: 168 }, (_, hour) =>
      hour < 5 * 24 && [7, 8].includes(hour % 24) ? 60 : 10,
    );
    const week = { kind: "week", load, perReplica: 10 } as const;
    const windows = windowsOf(week, { min: 2, max: 8 });
    expect(windows).toEqual([
      { start: "50 6 * * 1,2,3,4,5", end: "0 9 * * 1,2,3,4,5", replicas: 6 },
    ]);
    const [window] = windows;
    const metadata = {
      timezone: "UTC",
      start: window?.start,
      end: window?.end,
      desiredReplicas: String(window?.replicas),
    };
    // Half past seven more is asked of it than on any other Monday.
    const told = { "simulation.keelson.dev/s1-prometheus": "5 for 90m, 40 for 10m, 1" };
    await scale([{ type: "cron", metadata }, WAIT], told);
    const at = async (hour: number, minute: number): Promise<unknown> => {
      await clock.advanceTo(Date.UTC(2026, 0, 5, hour, minute));
      return replicas();
    };
    expect([
      await at(6, 45),
      await at(6, 55),
      await at(7, 25),
      await at(7, 35),
      await at(8, 30),
      await at(9, 10),
    ]).toEqual([2, 6, 6, 8, 6, 2]);
  });
});

const WAIT = {
  type: "prometheus",
  metricType: "Value",
  metadata: { serverAddress: "http://prometheus:9090", query: "max(rq_wait)", threshold: "10" },
};
