// A rate limit of a route is kept at one place, whichever ingress keeps it: so many requests of a client pass, the next gets 429,
// and a period later as many pass again. From what is written for the route, through what the ingress makes of it, to its count.

import { describe, expect, it } from "vitest";

import { bootstrap, createCluster } from "../../../src/cluster/index.ts";
import { registry } from "../../../src/components/index.ts";
import { harbour } from "../../../src/components/testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../../src/components/testing/plan.ts";
import { createRng, createVirtualClock } from "../../../src/core/index.ts";
import { createMemorySource } from "../../../src/delivery/index.ts";
import { createInformerSet, crdObjects } from "../../../src/kubernetes/index.ts";
import type { RequestHandling, RoutedRequest, RouteTable } from "../../../src/model/index.ts";
import { createRateLimits } from "../../../src/runtime/ingress/rate-limits.ts";

const LIMITS = [
  { requests: 20, per: "minute", windowMs: 60_000 },
  { requests: 5, per: "second", windowMs: 1_000 },
] as const;

function limited(kind: string, rateLimit: object): unknown {
  const { storefront, ...apps } = harbour.apps ?? {};
  const callbacks = { payments: { path: "/webhooks/payments" } };
  const route = { host: "shop", port: 8080, rateLimit, callbacks };
  return { ...harbour, ingress: { kind }, apps: { ...apps, storefront: { ...storefront, route } } };
}

/** The objects of the plan in a cluster's API, and what the ingress decides from them. */
async function decided(kind: string, rateLimit: object): Promise<RouteTable> {
  const planned = planEnvironment(limited(kind, rateLimit), "prod");
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const rng = createRng("limits");
  const cluster = createCluster({ name: "test", clock, rng });
  await bootstrap(cluster);
  const { api } = cluster;
  const fillers = registry.components.filter(
    (one) => one.family === "slot" && ["ingress", "gatewayApi"].includes(one.slot),
  );
  for (const filler of fillers) {
    if (filler.family !== "slot") continue;
    const facts = ["standard-channel", kind].includes(filler.name) ? await filler.crds?.() : [];
    for (const definition of (facts ?? []).flatMap(crdObjects)) await api.create(definition);
  }
  for (const { name, tenancy } of planned.cluster.namespaces) {
    if (tenancy === "system") continue;
    const labels = { "keelson.dev/tenancy": tenancy };
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  }
  const objects = emissionsOf(planned)
    .filter(({ component }) => [kind, "kubernetes-workload"].includes(component))
    .flatMap(({ emission }) => emission.objects ?? [])
    .map(({ object }) => object);
  const standIns = planned.cluster.standIns.map(({ object }) => object);
  const wanted = ["GatewayClass", "IngressClass", "Gateway", "HTTPRoute", "Ingress", "Service"];
  for (const object of [...standIns, ...objects]) {
    if (wanted.includes(object.kind) || object.kind.endsWith("Policy")) await api.create(object);
  }
  const informers = createInformerSet({ api, clock, rng });
  const found = fillers.find(({ name }) => name === kind);
  const behaviour = found?.family === "slot" ? await found.behaviour?.() : undefined;
  const routes = behaviour?.routes?.({
    api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  });
  informers.start();
  await clock.advanceBy(1_000);
  await informers.synced();
  if (routes === undefined) throw new Error(`${kind} decides no routes`);
  return routes;
}

function handlingOf(routes: RouteTable, path: string): RequestHandling {
  const request: RoutedRequest = {
    host: "shop.harbour.example.com",
    path,
    method: "GET",
    headers: {},
    tls: true,
  };
  const decision = routes.match(request);
  if (decision.kind !== "service") throw new Error(JSON.stringify(decision));
  return decision.handling ?? {};
}

/** `fewer`: its burst is a multiple of its rate, so as many at once as asked for means one less over a period. */
const KEEPERS = [
  { kind: "nginx-gateway-fabric", fewer: 0 },
  { kind: "envoy-gateway", fewer: 0 },
  { kind: "ingress-nginx", fewer: 1 },
];

describe.each(KEEPERS)("$kind", ({ kind, fewer }) => {
  it.each(LIMITS)("$requests a $per", async ({ requests, per, windowMs }) => {
    const routes = await decided(kind, { requests, per });
    const { rateLimits = [] } = handlingOf(routes, "/cart");
    expect(rateLimits).toHaveLength(1);
    expect(handlingOf(routes, "/webhooks/payments").rateLimits).toBeUndefined();
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    const counts = createRateLimits(clock);
    const burst = (client: string): string[] =>
      Array.from({ length: requests + 1 }, () => {
        const admission = counts.admit(rateLimits, client);
        return admission.outcome === "pass" ? "pass" : String(admission.status);
      });
    const passing = (count: number): string[] =>
      Array.from({ length: requests + 1 }, (_, index) => (index < count ? "pass" : "429"));
    expect(burst("192.0.2.1")).toEqual(passing(requests));
    expect(burst("192.0.2.2")).toEqual(passing(requests));
    await clock.advanceBy(windowMs);
    expect(burst("192.0.2.1")).toEqual(passing(requests - fewer));
  });
});

it("is refused where no ingress keeps it", () => {
  const definition = {
    ...(limited("istio-gateway", { requests: 20, per: "minute" }) as object),
    mesh: { kind: "istio" },
  };
  const found = findings(definition, "prod").filter(({ severity }) => severity === "error");
  expect(found.map(({ code }) => code)).toEqual(["plan/unserved-route"]);
  expect(found[0]?.hint).toContain("ingress: envoy-gateway");
});
