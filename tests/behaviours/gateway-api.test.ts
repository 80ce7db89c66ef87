// The Gateway API behaviour and MetalLB's on a real embedded API: addresses, status, and where requests go.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { bootstrap, createCluster, type Cluster } from "../../src/cluster/index.ts";
import { gatewayApiBehaviour } from "../../src/components/ingress/gateway-api/behaviour/index.ts";
import { gatewayApiCrdFacts } from "../../src/components/ingress/gateway-api/crds.facts.ts";
import { behaviour as metallb } from "../../src/components/load-balancer/metallb/behaviour.ts";
import { metallbCrdFacts } from "../../src/components/load-balancer/metallb/crds.facts.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import type { BehaviourContext, RouteDecision, RouteTable } from "../../src/model/index.ts";

const CONTROLLER = "gateway.nginx.org/nginx-gateway-controller";
const GATEWAY_API = "gateway.networking.k8s.io/v1";

let clock: VirtualClock;
let cluster: Cluster;
let routes: RouteTable;
let stop: () => void;

beforeEach(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  cluster = createCluster({ name: "test", clock, rng: createRng("test") });
  await bootstrap(cluster);
  for (const facts of [gatewayApiCrdFacts, metallbCrdFacts]) {
    for (const definition of crdObjects(facts)) await cluster.api.create(definition);
  }
  for (const name of ["edge", "shop", "private"])
    await namespace(name, name === "private" ? {} : { routed: "yes" });
  const gateways = gatewayApiBehaviour(
    { controllerName: CONTROLLER, dataPlaneService: ({ metadata }) => `${metadata.name}-nginx` },
    "test",
  );
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
  const made = gateways.routes?.(context);
  if (made === undefined) throw new Error("the behaviour decides routes");
  routes = made;
  const factories = [gateways, metallb].flatMap(({ controllers }) => controllers?.(context) ?? []);
  const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
  running.start();
  stop = () => running.stop();
});
afterEach(() => stop());

const create = (object: KubernetesObject): Promise<KubernetesObject> => cluster.api.create(object);

function namespace(name: string, labels: Record<string, string>): Promise<KubernetesObject> {
  return create({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
}

function service(name: string, type: string, inNamespace: string): Promise<KubernetesObject> {
  const spec = {
    type,
    selector: { app: name },
    ports: [{ name: "http", port: 80, targetPort: 8080 }],
  };
  return create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: inNamespace },
    spec,
  });
}

function pool(...addresses: string[]): Promise<KubernetesObject> {
  return create({
    apiVersion: "metallb.io/v1beta1",
    kind: "IPAddressPool",
    metadata: { name: "platform", namespace: "edge" },
    spec: { addresses },
  });
}

function gatewayClass(): Promise<KubernetesObject> {
  return create({
    apiVersion: GATEWAY_API,
    kind: "GatewayClass",
    metadata: { name: "nginx" },
    spec: { controllerName: CONTROLLER },
  });
}

function gateway(): Promise<KubernetesObject> {
  const from = { namespaces: { from: "Selector", selector: { matchLabels: { routed: "yes" } } } };
  const listeners = [
    { name: "http", port: 80, protocol: "HTTP", hostname: "*.example.com", allowedRoutes: from },
  ];
  return create({
    apiVersion: GATEWAY_API,
    kind: "Gateway",
    metadata: { name: "platform", namespace: "edge" },
    spec: { gatewayClassName: "nginx", listeners },
  });
}

function route(
  name: string,
  rules: unknown[],
  { inNamespace = "shop", hostnames = ["shop.example.com"] } = {},
): Promise<KubernetesObject> {
  const spec = { parentRefs: [{ name: "platform", namespace: "edge" }], hostnames, rules };
  return create({
    apiVersion: GATEWAY_API,
    kind: "HTTPRoute",
    metadata: { name, namespace: inNamespace },
    spec,
  });
}

const to = (name: string, weight = 1): unknown => ({ name, port: 80, weight });
const get = (host: string, path: string, headers: Record<string, string> = {}): RouteDecision =>
  routes.match({ host, path, method: "GET", headers, tls: false });
const serviceOf = (decision: RouteDecision): string =>
  decision.kind === "service" ? `${decision.namespace}/${decision.service}` : decision.kind;

async function conditions(
  kind: string,
  name: string,
  inNamespace?: string,
): Promise<Record<string, string>> {
  const object = await cluster.api.get({
    apiVersion: GATEWAY_API,
    kind,
    name,
    namespace: inNamespace,
  });
  const status = object["status"] as {
    conditions?: { type: string; status: string }[];
    parents?: { conditions: { type: string; status: string }[] }[];
  };
  const list = status.conditions ?? status.parents?.[0]?.conditions ?? [];
  return Object.fromEntries(list.map((condition) => [condition.type, condition.status]));
}

describe("addresses", () => {
  it("go to LoadBalancer Services, one each, until the pool is empty", async () => {
    await pool("172.18.255.200-172.18.255.201");
    for (const name of ["a", "b", "c"]) await service(name, "LoadBalancer", "edge");
    await clock.advanceBy(1_000);
    const { items } = await cluster.api.list(
      { apiVersion: "v1", kind: "Service" },
      { namespace: "edge" },
    );
    const addresses = items.map(
      (item) =>
        (item["status"] as { loadBalancer?: { ingress?: { ip: string }[] } }).loadBalancer
          ?.ingress?.[0]?.ip,
    );
    expect(addresses).toEqual(["172.18.255.200", "172.18.255.201", undefined]);
  });

  it("of a Service that goes are given to the next", async () => {
    await pool("172.18.255.200/32");
    await service("a", "LoadBalancer", "edge");
    await clock.advanceBy(1_000);
    await cluster.api.delete({ apiVersion: "v1", kind: "Service", name: "a", namespace: "edge" });
    await service("b", "LoadBalancer", "edge");
    await clock.advanceBy(1_000);
    const { status } = await cluster.api.get({
      apiVersion: "v1",
      kind: "Service",
      name: "b",
      namespace: "edge",
    });
    expect(status).toMatchObject({ loadBalancer: { ingress: [{ ip: "172.18.255.200" }] } });
  });
});

describe("a gateway", () => {
  it("is programmed once its data plane has an address", async () => {
    await gatewayClass();
    await gateway();
    await service("platform-nginx", "LoadBalancer", "edge");
    await clock.advanceBy(1_000);
    expect(await conditions("GatewayClass", "nginx")).toEqual({ Accepted: "True" });
    expect(await conditions("Gateway", "platform", "edge")).toEqual({
      Accepted: "True",
      Programmed: "False",
    });
    await pool("172.18.255.200-172.18.255.250");
    await clock.advanceBy(1_000);
    expect(await conditions("Gateway", "platform", "edge")).toEqual({
      Accepted: "True",
      Programmed: "True",
    });
  });

  it("of another class is left alone", async () => {
    await create({
      apiVersion: GATEWAY_API,
      kind: "GatewayClass",
      metadata: { name: "nginx" },
      spec: { controllerName: "example.com/other" },
    });
    await gateway();
    await clock.advanceBy(1_000);
    const { status } = await cluster.api.get({
      apiVersion: GATEWAY_API,
      kind: "Gateway",
      name: "platform",
      namespace: "edge",
    });
    expect(JSON.stringify(status ?? {})).not.toContain('Programmed","status":"True');
  });
});

describe("routes", () => {
  beforeEach(async () => {
    await gatewayClass();
    await gateway();
    for (const name of ["web", "api", "beta"]) await service(name, "ClusterIP", "shop");
  });

  it("choose the most specific match", async () => {
    await route("shop", [
      { backendRefs: [to("web")] },
      { matches: [{ path: { type: "PathPrefix", value: "/api" } }], backendRefs: [to("api")] },
      {
        matches: [
          {
            path: { type: "PathPrefix", value: "/api" },
            headers: [{ name: "X-Beta", value: "1" }],
          },
        ],
        backendRefs: [to("beta")],
      },
    ]);
    await clock.advanceBy(1_000);
    const table = [
      ["/", {}, "shop/web"],
      ["/api", {}, "shop/api"],
      ["/api/orders", {}, "shop/api"],
      ["/apiary", {}, "shop/web"],
      ["/api", { "x-beta": "1" }, "shop/beta"],
    ] as const;
    for (const [path, headers, expected] of table)
      expect(serviceOf(get("shop.example.com", path, headers))).toBe(expected);
    expect(get("other.example.com", "/").kind).toBe("none");
    expect(await conditions("HTTPRoute", "shop", "shop")).toEqual({
      Accepted: "True",
      ResolvedRefs: "True",
    });
  });

  it("split by weight, and give nothing to weight 0", async () => {
    await route("shop", [{ backendRefs: [to("web", 75), to("api", 25), to("beta", 0)] }]);
    await clock.advanceBy(1_000);
    const counts: Record<string, number> = {};
    for (let turn = 0; turn < 4_000; turn += 1) {
      const name = serviceOf(get("shop.example.com", "/"));
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts["shop/beta"]).toBeUndefined();
    expect((counts["shop/api"] ?? 0) / 4_000).toBeGreaterThan(0.22);
    expect((counts["shop/api"] ?? 0) / 4_000).toBeLessThan(0.28);
  });

  it("redirect", async () => {
    await route("shop", [
      {
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
        ],
      },
    ]);
    await clock.advanceBy(1_000);
    expect(get("shop.example.com", "/cart")).toEqual({
      kind: "redirect",
      status: 301,
      scheme: "https",
      host: "shop.example.com",
      path: "/cart",
    });
  });

  it.each([
    {
      name: "a namespace the listener does not allow",
      inNamespace: "private",
      hostnames: ["shop.example.com"],
      expected: { Accepted: "False", ResolvedRefs: "False" },
    },
    {
      name: "a hostname the listener does not have",
      inNamespace: "shop",
      hostnames: ["shop.example.org"],
      expected: { Accepted: "False", ResolvedRefs: "True" },
    },
  ])("refuse $name", async ({ inNamespace, hostnames, expected }) => {
    await route("shop", [{ backendRefs: [to("web")] }], { inNamespace, hostnames });
    await clock.advanceBy(1_000);
    expect(await conditions("HTTPRoute", "shop", inNamespace)).toEqual(expected);
    expect(get(hostnames[0] ?? "", "/").kind).toBe("none");
  });
});
