// Argo Rollouts' behaviour on a real embedded cluster with pods: a canary through its shares and back, a blue/green switch.

import { afterEach, beforeEach, expect, it } from "vitest";

import { createEmbeddedCluster } from "../../src/cluster/index.ts";
import { gatewayApiCrdFacts } from "../../src/components/ingress/gateway-api/crds.facts.ts";
import { rolloutController } from "../../src/components/rollouts/argo-rollouts/behaviour/rollout-controller.ts";
import { argoRolloutsCrdFacts } from "../../src/components/rollouts/argo-rollouts/crds.facts.ts";
import { createRng, createVirtualClock, valueAt, type VirtualClock } from "../../src/core/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubeApi,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";

const NAMESPACE = "shop";
const labels = { app: "web" };
const at = { namespace: NAMESPACE, name: "web" };
const ROLLOUT = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", ...at };
const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment", ...at };
const ROUTE = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", ...at };

let clock: VirtualClock;
let api: KubeApi;
let stop: () => Promise<void>;

beforeEach(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const rng = createRng("rollouts");
  const cluster = createEmbeddedCluster({ name: "rollouts", clock, rng, nodes: [{ count: 2 }] });
  await cluster.start();
  ({ api } = cluster);
  for (const facts of [argoRolloutsCrdFacts, gatewayApiCrdFacts])
    for (const definition of crdObjects(facts)) await api.create(definition);
  await create("v1", "Namespace", {}, { name: NAMESPACE });
  await clock.advanceBy(5_000);
  const informers = createInformerSet({ api, clock, rng });
  const running = runControllers([rolloutController], { api, clock, rng, informers });
  running.start();
  stop = async () => {
    running.stop();
    cluster.stop();
    await cluster.stopped();
  };
});
afterEach(() => stop());

function create(
  apiVersion: string,
  kind: string,
  more: object,
  metadata: KubernetesObject["metadata"] = at,
): Promise<KubernetesObject> {
  return api.create({ apiVersion, kind, metadata, ...more });
}

async function release(strategy: object, candidate: string): Promise<void> {
  const spec = { selector: labels, ports: [{ port: 80, targetPort: 8080 }] };
  await create("v1", "Service", { spec });
  await create("v1", "Service", { spec }, { ...at, name: candidate });
  const template = { metadata: { labels }, spec: { containers: [container("1")] } };
  await create("apps/v1", "Deployment", { spec: { selector: { matchLabels: labels }, template } });
  const workloadRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const rollout = { spec: { replicas: 4, workloadRef, strategy } };
  await create(ROLLOUT.apiVersion, ROLLOUT.kind, rollout);
  await clock.advanceBy(60_000);
}

const container = (tag: string) => ({ name: "web", image: `example.com/web:${tag}` });

async function update(tag: string): Promise<void> {
  const body = { spec: { template: { spec: { containers: [container(tag)] } } } };
  await api.patch(DEPLOYMENT, { type: "strategic", body });
  await clock.advanceBy(20_000);
}

async function read(ref: typeof ROLLOUT, ...path: (string | number)[]): Promise<unknown> {
  return valueAt(await api.get(ref), path);
}

async function weights(): Promise<unknown> {
  const route = (await api.get(ROUTE)) as KubernetesObject & {
    spec: { rules: { backendRefs: { weight: number }[] }[] };
  };
  return route.spec.rules[0]?.backendRefs.map(({ weight }) => weight);
}

const status = (body: object): Promise<unknown> =>
  api.patch(ROLLOUT, { type: "merge", body: { status: body } }, { subresource: "status" });

async function canary(): Promise<void> {
  const backendRefs = ["web", "web-canary"].map((name, index) => ({
    name,
    port: 80,
    weight: index === 0 ? 100 : 0,
  }));
  await create(ROUTE.apiVersion, ROUTE.kind, { spec: { rules: [{ backendRefs }] } });
  const plugin = { httpRoute: "web", namespace: NAMESPACE };
  const trafficRouting = { plugins: { "argoproj-labs/gatewayAPI": plugin } };
  const steps = [
    { setWeight: 25 },
    { pause: { duration: "60s" } },
    { setWeight: 50 },
    { pause: {} },
  ];
  const services = { stableService: "web", canaryService: "web-canary" };
  await release({ canary: { ...services, trafficRouting, steps } }, "web-canary");
}

it("a canary takes its shares, waits, and is promoted", async () => {
  await canary();
  expect(await read(ROLLOUT, "status", "phase")).toBe("Healthy");
  expect(await read(DEPLOYMENT, "spec", "replicas")).toBe(0);
  await update("2");
  expect(await weights()).toEqual([75, 25]);
  expect(await read(ROLLOUT, "status", "message")).toBe("CanaryPauseStep");
  expect(await read(ROLLOUT, "status", "updatedReplicas")).toBe(1);
  await clock.advanceBy(70_000);
  expect(await weights()).toEqual([50, 50]);
  await status({ pauseConditions: null });
  await clock.advanceBy(60_000);
  expect(await read(ROLLOUT, "status", "phase")).toBe("Healthy");
  expect(await weights()).toEqual([100, 0]);
  const stable = await read(ROLLOUT, "status", "stableRS");
  const service = { apiVersion: "v1", kind: "Service", ...at };
  expect(await read(service, "spec", "selector", "rollouts-pod-template-hash")).toBe(stable);
  await clock.advanceBy(60_000);
  expect(await read(ROLLOUT, "status", "replicas")).toBe(4);
});

it("an aborted canary gives everything back to the stable version", async () => {
  await canary();
  const stable = await read(ROLLOUT, "status", "stableRS");
  await update("2");
  expect(await weights()).toEqual([75, 25]);
  await status({ abort: true });
  await clock.advanceBy(1_000);
  expect(await weights()).toEqual([100, 0]);
  expect(await read(ROLLOUT, "status", "phase")).toBe("Degraded");
  await clock.advanceBy(60_000);
  expect(await read(ROLLOUT, "status", "replicas")).toBe(4);
  expect(await read(ROLLOUT, "status", "stableRS")).toBe(stable);
  const { revision } = { revision: (await api.get(ROLLOUT)).metadata.resourceVersion };
  await clock.advanceBy(600_000);
  expect((await api.get(ROLLOUT)).metadata.resourceVersion).toBe(revision);
});

it("a blue/green release waits for a person, switches, and keeps the old pods for a while", async () => {
  const services = { activeService: "web", previewService: "web-preview" };
  const manual = { autoPromotionEnabled: false, scaleDownDelaySeconds: 120 };
  await release({ blueGreen: { ...services, ...manual } }, "web-preview");
  const before = await read(ROLLOUT, "status", "stableRS");
  await update("2");
  expect(await read(ROLLOUT, "status", "message")).toBe("BlueGreenPause");
  const active = { apiVersion: "v1", kind: "Service", ...at };
  const selector = ["spec", "selector", "rollouts-pod-template-hash"];
  expect(await read(active, ...selector)).toBe(before);
  await status({ pauseConditions: null });
  await clock.advanceBy(10_000);
  const after = await read(ROLLOUT, "status", "currentPodHash");
  expect(await read(active, ...selector)).toBe(after);
  expect(await read(ROLLOUT, "status", "replicas")).toBe(8);
  await clock.advanceBy(150_000);
  expect(await read(ROLLOUT, "status", "replicas")).toBe(4);
});
