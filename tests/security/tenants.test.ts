// Two tenants of the local-first platform, each with a team, a database and a namespace of its own: what one tries on the other
// is refused, by rights, by network policies, by quotas and Pod Security, and by the ingress. Beside every refusal stands what
// is allowed, so that a table that refuses everything fails too.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import localFirst from "../../blueprints/local-first/platform.ts";
import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { compile } from "../../src/compiler/index.ts";
import { gatewayApiCrdFacts } from "../../src/components/ingress/gateway-api/crds.facts.ts";
import { registry } from "../../src/components/index.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  createNetworkPolicyEvaluator,
  crdObjects,
  hasPort,
  networkPolicyOf,
  runControllers,
  type KubeApi,
  type KubernetesObject,
  type NetworkParty,
} from "../../src/kubernetes/index.ts";
import type { BehaviourContext, CompiledTarget, RouteTable } from "../../src/model/index.ts";
import { shippedBlueprint } from "../blueprints/shipped-blueprints.ts";

const target = compileTenants();
let clock: VirtualClock;
let cluster: EmbeddedCluster;
let routes: RouteTable;
let stopRoutes: () => void;

beforeAll(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  cluster = createEmbeddedCluster({ name: "tenants", clock, rng: createRng("tenants"), nodes: [] });
  await cluster.start();
  for (const definition of crdObjects(gatewayApiCrdFacts)) await cluster.api.create(definition);
  for (const kind of KINDS) {
    for (const { object } of target.objects.filter((one) => one.object.kind === kind))
      await cluster.api.apply(object, { fieldManager: "test", force: true });
  }
  for (const { object } of target.cluster.standIns)
    if (object.kind === "GatewayClass") await cluster.api.create(object);
  await routeRequests();
  await clock.advanceBy(5_000);
});
afterAll(() => {
  stopRoutes();
  cluster.stop();
});

/** Everything that keeps tenants apart, and what their requests are routed by; in an order in which it can be created. */
const KINDS = [
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "ClusterRole",
  "Role",
  "ClusterRoleBinding",
  "RoleBinding",
  "ServiceAccount",
  "Service",
  "Gateway",
  "HTTPRoute",
];

function compileTenants(): CompiledTarget {
  const { lock } = shippedBlueprint("local-first");
  const definition = {
    ...localFirst,
    databases: { ...localFirst.databases, invoices: { kind: "postgres", storage: "5Gi" } },
    apps: {
      ...localFirst.apps,
      // Nobody outside asks for it.
      billing: { image: "ghcr.io/comind-ops/billing:1.0.0", port: 8080, needs: ["invoices"] },
    },
    roles: {
      ...localFirst.roles,
      shop: { level: "developer", groups: ["shop-team"], namespaces: ["storefront"] },
      billing: { level: "developer", groups: ["billing-team"], namespaces: ["billing"] },
    },
  };
  const { value, diagnostics } = compile({
    definition,
    registry,
    lock,
    sealed: {},
    environments: ["dev"],
  });
  const [found] = value?.targets ?? [];
  if (found === undefined) throw new Error(JSON.stringify(diagnostics));
  return found;
}

async function routeRequests(): Promise<void> {
  const filler = registry.components.find(({ name }) => name === "nginx-gateway-fabric");
  const behaviour = filler && "behaviour" in filler ? await filler.behaviour?.() : undefined;
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const context: BehaviourContext = {
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  const table = behaviour?.routes?.(context);
  if (table === undefined) throw new Error("the ingress decides routes");
  routes = table;
  const running = runControllers(behaviour?.controllers?.(context) ?? [], {
    api: cluster.api,
    clock,
    rng,
    informers,
  });
  running.start();
  stopRoutes = () => running.stop();
}

const as = (group: string): KubeApi =>
  cluster.apiAs({ name: "ada", groups: [group, "system:authenticated"] });
const app = (name: string): KubeApi =>
  cluster.apiAs({
    name: `system:serviceaccount:${name}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${name}`, "system:authenticated"],
  });

async function outcome(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

const list = (kind: string, namespace?: string) => (api: KubeApi) =>
  api.list({ apiVersion: "v1", kind }, namespace === undefined ? {} : { namespace });

interface Request {
  readonly name: string;
  readonly who: () => KubeApi;
  readonly act: (api: KubeApi) => Promise<unknown>;
  /** Part of the refusal; `done` where it is allowed. */
  readonly answer: string;
}

const SHOP = () => as("shop-team");
const BILLING = () => as("billing-team");

const READS: readonly Request[] = [
  { name: "a team sees its own pods", who: SHOP, act: list("Pod", "storefront"), answer: "done" },
  { name: "the other team its own", who: BILLING, act: list("Pod", "billing"), answer: "done" },
  { name: "nobody the other's", who: SHOP, act: list("Pod", "billing"), answer: "forbidden" },
  { name: "nor back", who: BILLING, act: list("Pod", "storefront"), answer: "forbidden" },
  { name: "nor all", who: SHOP, act: list("Pod"), answer: "forbidden" },
  { name: "nor that there are others", who: SHOP, act: list("Namespace"), answer: "forbidden" },
  {
    name: "no secret of the other",
    who: SHOP,
    act: list("Secret", "billing"),
    answer: "forbidden",
  },
  { name: "no secret at all", who: SHOP, act: list("Secret", "storefront"), answer: "forbidden" },
  { name: "nothing of the databases", who: SHOP, act: list("Pod", "data"), answer: "forbidden" },
  {
    name: "an app reads no secret over the API",
    who: () => app("storefront"),
    act: list("Secret", "billing"),
    answer: "forbidden",
  },
  {
    name: "not even its own",
    who: () => app("storefront"),
    act: list("Secret", "storefront"),
    answer: "forbidden",
  },
  {
    name: "nobody widens a quota",
    who: SHOP,
    act: (api) =>
      api.patch(
        { apiVersion: "v1", kind: "ResourceQuota", namespace: "storefront", name: "quota" },
        { type: "merge", body: { spec: { hard: { pods: "1000" } } } },
      ),
    answer: "forbidden",
  },
  {
    name: "nobody drops a policy",
    who: SHOP,
    act: (api) =>
      api.delete({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        namespace: "storefront",
        name: "default-deny",
      }),
    answer: "forbidden",
  },
  {
    name: "nobody takes the other's name at the edge",
    who: SHOP,
    act: (api) =>
      api.create({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "mine", namespace: "storefront" },
        spec: { hostnames: ["billing.dev.127.0.0.1.nip.io"] },
      }),
    answer: "forbidden",
  },
];

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly passes: boolean;
}

const PACKETS: readonly Packet[] = [
  { from: "storefront/storefront", to: "data/orders", port: 5432, passes: true },
  { from: "billing/billing", to: "data/invoices", port: 5432, passes: true },
  { from: "storefront/storefront", to: "billing/billing", port: 8080, passes: false },
  { from: "billing/billing", to: "storefront/storefront", port: 8080, passes: false },
  { from: "storefront/storefront", to: "data/invoices", port: 5432, passes: false },
  { from: "billing/billing", to: "data/orders", port: 5432, passes: false },
  { from: "billing/billing", to: "storage/seaweedfs", port: 8333, passes: false },
  { from: "data/invoices", to: "data/orders", port: 5432, passes: false },
  { from: "storefront/storefront", to: "argocd/argocd-server", port: 8080, passes: false },
];

function partyOf(place: string): NetworkParty {
  const [namespace = "", name = ""] = place.split("/");
  const workload = target.graph.workload(namespace, name);
  if (workload === undefined) throw new Error(`no workload ${place}`);
  return { kind: "pod", pod: { namespace, labels: workload.labels, namedPorts: workload.ports } };
}

function podOf(namespace: string, name: string, cpu: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image: "ghcr.io/comind-ops/miner:1",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: { requests: { cpu, memory: "16Mi" }, limits: { cpu, memory: "16Mi" } },
        },
      ],
    },
  };
}

function nakedPod(): KubernetesObject {
  const { metadata, spec, ...pod } = podOf("storefront", "root", "10m");
  const { containers } = spec as { readonly containers: readonly object[] };
  const [main] = containers;
  const hostPath = { name: "node", hostPath: { path: "/" } };
  return { ...pod, metadata, spec: { containers: [main], volumes: [hostPath] } };
}

describe("tenants", () => {
  it.each(READS)("read: $name", async ({ who, act, answer }) => {
    expect(await outcome(act(who()))).toContain(answer);
  });

  const evaluator = createNetworkPolicyEvaluator({
    namespaces: new Map(
      target.objects
        .filter(({ object }) => object.kind === "Namespace")
        .map(({ object }) => [object.metadata.name, object.metadata.labels ?? {}]),
    ),
    policies: target.objects
      .filter(({ object }) => object.kind === "NetworkPolicy")
      .map(({ object }) => networkPolicyOf(object)),
  });

  it.each(PACKETS)("reach: $from → $to:$port: $passes", ({ from, to, port, passes }) => {
    const ports = evaluator.allowed(partyOf(from), partyOf(to));
    expect(hasPort(ports, "TCP", port)).toBe(passes);
  });

  it("exhaust: one that takes all it may leaves the other its share", async () => {
    const { api } = cluster;
    const large = await outcome(api.create(podOf("storefront", "miner", "64")));
    expect(large).toMatch(/exceeded quota: .*requested: .*cpu=64/);
    const taken = [];
    for (let index = 0; index < 200; index += 1) {
      const answer = await outcome(api.create(podOf("storefront", `miner-${index}`, "100m")));
      if (answer !== "done") {
        expect(answer).toContain("exceeded quota");
        break;
      }
      taken.push(index);
    }
    expect(taken.length).toBeGreaterThan(1);
    expect(taken.length).toBeLessThan(200);
    expect(await outcome(api.create(podOf("billing", "worker", "100m")))).toBe("done");
  });

  it("exhaust: a pod that states nothing gets the namespace's defaults and counts", async () => {
    const pod = podOf("billing", "silent", "1m");
    const [container] = (pod["spec"] as { readonly containers: readonly object[] }).containers;
    const spec = { ...(pod["spec"] as object), containers: [{ ...container, resources: {} }] };
    const created = await cluster.api.create({ ...pod, spec });
    const given = `"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}`;
    expect(JSON.stringify(created["spec"])).toContain(given);
  });

  it("break out: no pod of a tenant sees its node", async () => {
    expect(await outcome(cluster.api.create(nakedPod()))).toMatch(/violates PodSecurity.*hostPath/);
  });

  it.each([
    { host: "storefront.dev.127.0.0.1.nip.io", kind: "service" },
    { host: "billing.dev.127.0.0.1.nip.io", kind: "none" },
    { host: "billing.billing.svc.cluster.local", kind: "none" },
    { host: "billing", kind: "none" },
    { host: "invoices.data.svc.cluster.local", kind: "none" },
    { host: "kubernetes.default.svc", kind: "none" },
    { host: "10.43.0.1", kind: "none" },
    { host: "storefront.dev.127.0.0.1.nip.io.evil.example", kind: "none" },
  ])("from the edge: $host: $kind", ({ host, kind }) => {
    const request = { host, path: "/", method: "GET", headers: {}, tls: false };
    expect(routes.match(request).kind).toBe(kind);
  });
});
