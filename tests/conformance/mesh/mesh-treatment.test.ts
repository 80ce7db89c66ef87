// The mesh intent by what becomes of requests: the same platform and the same table for every mesh, decided from the objects an
// embedded cluster has, on its clock. What a mesh cannot do stands beside the row, and is a finding of the definition.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { certManager, istio, linkerd } from "../../../src/components/index.ts";
import { harbour, type Platform } from "../../../src/components/testing/definitions.ts";
import { findings } from "../../../src/components/testing/plan.ts";
import { startMeshWorld, type MeshWorld } from "./mesh-world.ts";

interface Adapter {
  readonly name: string;
  readonly mesh: NonNullable<Platform["mesh"]>;
  /** Settings without effect. */
  readonly lacks: readonly string[];
}

const ADAPTERS: readonly Adapter[] = [
  { name: "Istio with sidecars", mesh: istio(), lacks: [] },
  {
    name: "Istio in ambient mode",
    mesh: istio({ mode: "ambient" }),
    lacks: ["circuitBreaker", "faults", "mirror", "rateLimit", "retries", "routes", "timeout"],
  },
  { name: "Linkerd", mesh: linkerd(), lacks: ["circuitBreaker", "faults", "mirror"] },
];

const app = (traffic: object): NonNullable<Platform["apps"]>[string] => ({
  image: "ghcr.io/example/app:1.0.0",
  port: 9090,
  traffic,
});

const REPLICAS = { retried: 2, failing: 3, versions: 3 };

const APPS: NonNullable<Platform["apps"]> = {
  beta: app({}),
  plain: app({}),
  versions: app({}),
  retried: app({ retries: 2 }),
  failing: app({ circuitBreaker: { failures: 3, ejectFor: "30s" } }),
  narrow: app({ circuitBreaker: { connections: 1, pending: 1 } }),
  slow: app({ timeout: "1s" }),
  routed: app({ routes: [{ to: "beta", headers: { "X-Version": "2" } }] }),
  shared: app({ routes: [{ to: "beta", percent: 25 }] }),
  copied: app({ mirror: { to: "beta" } }),
  broken: app({ faults: { abort: { percent: 50 } } }),
  late: app({ faults: { delay: { by: "2s" } } }),
  capped: app({ rateLimit: { perSecond: 5 } }),
};

const platformWith = (mesh: Adapter["mesh"]): Platform => {
  const { overrides: _overrides, ...base } = harbour;
  return {
    ...base,
    mesh,
    certificates: certManager(),
    environments: { dev: { clusters: ["local"], scale: "single", domain: "dev.127.0.0.1.nip.io" } },
    backup: {},
    databases: {},
    queues: {},
    caches: {},
    buckets: {},
    apps: {
      ...APPS,
      web: { image: "ghcr.io/example/web:1.0.0", port: 8080, needs: Object.keys(APPS) },
      // Nobody it may call.
      lonely: { image: "ghcr.io/example/lonely:1.0.0", port: 8080 },
    },
  };
};

describe.each(ADAPTERS)("treatment of requests with $name", ({ mesh, lacks }) => {
  let world: MeshWorld;
  const can = (setting: string): boolean => !lacks.includes(setting);
  const statuses = async (to: string, count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push(await status(to));
    return seen;
  };
  const status = async (to: string, asked?: Parameters<MeshWorld["call"]>[2]): Promise<number> => {
    const outcome = await world.call("web", to, asked);
    return outcome.kind === "answer" ? outcome.answer.status : outcome.status;
  };
  const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

  beforeAll(async () => {
    world = await startMeshWorld(platformWith(mesh), REPLICAS);
  });
  afterAll(() => world.stop());

  it("says of every setting without effect that it has none", () => {
    const found = findings(platformWith(mesh), "dev")
      .filter(({ code }) => code === "plan/traffic-not-applied")
      .map(({ message }) => message.split(" ")[0]);
    expect(new Set(found)).toEqual(new Set(lacks));
  });

  it("lets callers of the graph in, others not, and nobody without an identity", async () => {
    expect(await status("plain")).toBe(200);
    const stranger = await world.call("lonely", "plain");
    // Where nobody reads requests a connection is closed instead.
    expect(stranger.kind === "answer" ? stranger.answer.status : stranger.flag).toSatisfy(
      (seen: unknown) => seen === 403 || seen === "UC",
    );
    expect(await status("plain", { plain: true })).not.toBe(200);
    expect(sum(world.heard("plain"))).toBe(1);
  });

  it("hides a first failure behind a bounded number of attempts", async () => {
    world.script("retried", ({ request }) => ({ status: request === 0 ? 503 : 200 }));
    expect(await status("retried")).toBe(can("retries") ? 200 : 503);
    world.script("retried", () => ({ status: 503 }));
    const before = sum(world.heard("retried"));
    expect(await status("retried")).toBe(503);
    expect(sum(world.heard("retried")) - before).toBe(can("retries") ? 3 : 1);
    const posted = sum(world.heard("retried"));
    expect(await status("retried", { method: "POST" })).toBe(503);
    expect(sum(world.heard("retried")) - posted).toBe(1);
  });

  it("leaves a pod out after failures in a row, and asks it again later", async () => {
    world.script("failing", ({ index }) => ({ status: index === 0 ? 500 : 200 }));
    await statuses("failing", 60);
    const [first = 0] = world.heard("failing");
    if (mesh.kind === "istio" && !can("circuitBreaker")) return expect(first).toBeGreaterThan(3);
    expect(first).toBe(3);
    world.script("failing", () => ({ status: 200 }));
    await world.clock.advanceBy(29_000);
    await statuses("failing", 20);
    expect(world.heard("failing")[0]).toBe(3);
    await world.clock.advanceBy(11_000);
    await statuses("failing", 60);
    expect(world.heard("failing")[0]).toBeGreaterThan(3);
  });

  it("refuses what neither finds a connection nor a place to wait", async () => {
    world.script("narrow", () => ({ status: 200, afterMs: 500 }));
    const flying = [1, 2, 3].map(() => world.start("web", "narrow"));
    await world.clock.advanceBy(2_000);
    const seen = (await Promise.all(flying)).map((one) =>
      one.kind === "answer" ? one.answer.status : `${one.status} ${one.flag}`,
    );
    expect(seen.filter((one) => one === 200)).toHaveLength(can("circuitBreaker") ? 2 : 3);
    expect(seen.includes("503 UO")).toBe(can("circuitBreaker"));
  });

  it("answers for an app that is too slow", async () => {
    world.script("slow", () => ({ status: 200, afterMs: 5_000 }));
    const before = world.clock.now();
    expect(await status("slow")).toBe(can("timeout") ? 504 : 200);
    expect(world.clock.now() - before).toBe(can("timeout") ? 1_000 : 5_000);
  });

  it("sends requests with a header to another version", async () => {
    const before = sum(world.heard("beta"));
    expect(await status("routed", { headers: { "x-version": "2" } })).toBe(200);
    expect(await status("routed", { headers: { "x-version": "1" } })).toBe(200);
    expect(sum(world.heard("beta")) - before).toBe(can("routes") ? 1 : 0);
    expect(sum(world.heard("routed"))).toBe(can("routes") ? 1 : 2);
  });

  it("sends a share to another version", async () => {
    const before = sum(world.heard("beta"));
    await statuses("shared", 400);
    const share = sum(world.heard("beta")) - before;
    expect(share + sum(world.heard("shared"))).toBe(400);
    if (!can("routes")) return expect(share).toBe(0);
    expect(share).toBeGreaterThan(80);
    expect(share).toBeLessThan(120);
  });

  it("gives another app a copy of every request", async () => {
    const before = sum(world.heard("beta"));
    await statuses("copied", 10);
    expect(sum(world.heard("copied"))).toBe(10);
    expect(sum(world.heard("beta")) - before).toBe(can("mirror") ? 10 : 0);
  });

  it("breaks a share of requests on purpose, and holds others back", async () => {
    const seen = await statuses("broken", 400);
    const broken = seen.filter((one) => one === 503).length;
    expect(broken + sum(world.heard("broken"))).toBe(400);
    if (can("faults")) expect(Math.abs(broken - 200)).toBeLessThan(40);
    else expect(broken).toBe(0);
    const before = world.clock.now();
    expect(await status("late")).toBe(200);
    expect(world.clock.now() - before).toBe(can("faults") ? 2_000 : 0);
  });

  it("takes so many requests a second, and no more", async () => {
    const limited = [200, 200, 200, 200, 200, 429];
    const open = limited.map(() => 200);
    expect(await statuses("capped", 6)).toEqual(can("rateLimit") ? limited : open);
    await world.clock.advanceBy(1_000);
    expect(await status("capped")).toBe(200);
  });

  // A mesh of Services alone has no word for them.
  if (mesh.kind !== "istio" || lacks.length > 0) return;
  it("finds subsets by their labels, in objects a person wrote", async () => {
    const [, second] = world.pods("versions");
    const { name = "" } = second?.metadata ?? {};
    await world.api.patch(
      { apiVersion: "v1", kind: "Pod", name, namespace: "versions" },
      { type: "merge", body: { metadata: { labels: { version: "v2" } } } },
    );
    const host = "versions.versions.svc.cluster.local";
    const byHand = (kind: string, spec: object) => ({
      apiVersion: "networking.istio.io/v1",
      kind,
      metadata: { name: "by-hand", namespace: "versions" },
      spec,
    });
    const withHeader = (value: string, subset: string) => ({
      match: [{ headers: { "x-version": { exact: value } } }],
      route: [{ destination: { host, subset } }],
    });
    const http = [
      withHeader("2", "v2"),
      withHeader("3", "v3"),
      { route: [{ destination: { host } }] },
    ];
    const subsets = [{ name: "v2", labels: { version: "v2" } }];
    await world.api.create(byHand("DestinationRule", { host, subsets }));
    await world.api.create(byHand("VirtualService", { hosts: [host], http }));
    await world.clock.advanceBy(1_000);
    for (let index = 0; index < 12; index += 1)
      await world.call("web", "versions", { headers: { "x-version": "2" } });
    expect(world.heard("versions")).toEqual([0, 12, 0]);
    expect(await status("versions", { headers: { "x-version": "3" } })).toBe(503);
    await statuses("versions", 60);
    for (const count of world.heard("versions")) expect(count).toBeGreaterThan(5);
  });
});
