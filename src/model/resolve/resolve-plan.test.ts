// What a definition means on each cluster of each environment, and what cannot be.

import { describe, expect, it } from "vitest";

import { formatPath, invariant } from "../../core/index.ts";
import { homeLab } from "../../../tests/fixtures/shapes/home-lab.ts";
import { hybrid } from "../../../tests/fixtures/shapes/hybrid.ts";
import { sealedSecretsFiller } from "../../../tests/fixtures/test-components.ts";
import { testRegistry } from "../../../tests/fixtures/test-registry.ts";
import type { AnySlotFiller, Registry } from "../contracts/component.ts";
import type { Plan, PlannedCluster } from "../contracts/plan.ts";
import type { Lock } from "../lock/lock.ts";
import { SHIPPED_CATALOGUE } from "../lock/shipped-catalogue.ts";
import { updateLock } from "../lock/update-lock.ts";
import { merge } from "../merge.ts";
import { parseDefinition } from "../parse/parse-definition.ts";
import { resolvePlan } from "./resolve-plan.ts";

const HOST_PORTS = { http: 8080, https: 8443, api: 6443, registry: 5000 };

function lockOf(raw: unknown): Lock {
  const { value: definition } = parseDefinition(raw, testRegistry);
  const lock = definition && updateLock(definition, SHIPPED_CATALOGUE, undefined).value?.lock;
  invariant(lock, "the definition is right");
  return lock;
}

function resolved(
  raw: unknown,
  environment: string,
  registry: Registry = testRegistry,
  lock?: Lock,
) {
  const { value, diagnostics } = parseDefinition(raw, registry);
  invariant(value, `the definition is right: ${JSON.stringify(diagnostics)}`);
  return resolvePlan(value, environment, lock ?? lockOf(raw), registry);
}

function planOf(raw: unknown, environment: string): Plan {
  const { value, diagnostics } = resolved(raw, environment);
  invariant(value, `the plan resolves: ${JSON.stringify(diagnostics)}`);
  return value;
}

function clusterOf(raw: unknown, environment: string, index = 0): PlannedCluster {
  const cluster = planOf(raw, environment).clusters[index];
  invariant(cluster, "the environment has that many clusters");
  return cluster;
}

function findings(raw: unknown, environment: string, registry?: Registry): string[] {
  return resolved(raw, environment, registry).diagnostics.map(
    ({ code, path }) => `${code} ${formatPath(path)}`,
  );
}

/** The registry with one component changed. */
function withComponent(
  name: string,
  change: (filler: AnySlotFiller) => Partial<AnySlotFiller>,
): Registry {
  return {
    ...testRegistry,
    components: testRegistry.components.map((component) =>
      component.family === "slot" && component.name === name
        ? { ...component, ...change(component) }
        : component,
    ),
  };
}

describe("environments and clusters", () => {
  it("name one target for each cluster, the first the primary", () => {
    const targets = (environment: string) =>
      planOf(hybrid, environment).clusters.map(({ target, primary }) => [target, primary]);
    expect(targets("dev")).toEqual([["dev", true]]);
    expect(targets("prod")).toEqual([
      ["prod-cloud", true],
      ["prod-standby", false],
    ]);
  });

  it.each([
    ["dev", hybrid, "dev.harbour.example.com"],
    ["prod", hybrid, "harbour.example.com"],
    ["home", homeLab, "attic.home.arpa"],
  ])("answer below the domain of %s", (environment, raw, domain) => {
    expect(planOf(raw, environment).domain).toBe(domain);
  });

  it("take ranges from the cluster, then from the lock, and machines from the site", () => {
    const { network } = clusterOf(hybrid, "prod", 1);
    const { pods, services } = lockOf(hybrid).ranges["standby"] ?? { pods: "", services: "" };
    expect(network).toEqual({
      podRange: pods,
      serviceRange: services,
      nodeRange: "192.168.40.0/22",
    });
    expect(clusterOf(hybrid, "dev").network.nodeRange).toBe("172.18.0.0/16");
  });

  it("keep what the substrate knows besides", () => {
    const registry: Registry = {
      ...testRegistry,
      components: testRegistry.components.map((component) =>
        component.family === "substrate" && component.name === "k3d"
          ? { ...component, network: () => ({ nodeRange: "172.18.0.0/16", hostPorts: HOST_PORTS }) }
          : component,
      ),
    };
    expect(resolved(hybrid, "dev", registry).value?.clusters[0]?.network.hostPorts).toEqual(
      HOST_PORTS,
    );
  });

  it("carry what is promised and how sites are joined", () => {
    const { recovery, links } = planOf(hybrid, "prod");
    expect(recovery).toMatchObject({ primary: "cloud", rtoMs: 14_400_000, path: ["recovery"] });
    expect(recovery?.rpoMs).toEqual({ cluster: 86_400_000, databases: 3_600_000 });
    expect(links).toMatchObject([{ component: "wireguard", between: ["nyc3", "office"] }]);
  });
});

describe("slots and providers", () => {
  it("come in slot order, with fallbacks where nothing was written", () => {
    const { slots, providers } = clusterOf(homeLab, "home");
    expect(slots.map(({ slot, key, component }) => [slot, key, component])).toEqual([
      ["loadBalancer", undefined, "metallb"],
      ["ingress", undefined, "envoy-gateway"],
      ["secrets", "sealed", "sealed-secrets"],
      ["metrics", undefined, "prometheus"],
      ["backup", "nightly", "database-dump"],
      ["isolation", undefined, "network-policies"],
      ["delivery", undefined, "argocd"],
    ]);
    expect(
      providers.map(({ serves, component, path }) => [serves, component, formatPath(path)]),
    ).toEqual([
      ["app", "kubernetes-workload", "apps"],
      ["postgres", "postgres-server", "databases"],
      ["queue", "elasticmq", "queues"],
      ["bucket", "seaweedfs", "buckets"],
    ]);
  });

  it("follow the environment's overrides, and say where they were written", () => {
    const { slots, providers } = clusterOf(homeLab, "prod");
    const backup = slots.find(({ slot }) => slot === "backup");
    expect(slots.map(({ slot }) => slot)).not.toContain("loadBalancer");
    expect(backup?.options).toMatchObject({ keep: "30d", to: "attic-backups" });
    expect(formatPath(backup?.path ?? [])).toBe("backup.nightly");
    expect(providers[1]).toMatchObject({
      component: "external-postgres",
      path: ["overrides", "prod", "providers", "postgres"],
    });
  });

  it("fill an additive slot by the name of its fallback", () => {
    const { slots } = clusterOf(merge(homeLab, { secrets: null }), "home");
    expect(slots.find(({ slot }) => slot === "secrets")).toMatchObject({
      key: "sealed-secrets",
      path: ["secrets", "sealed-secrets"],
    });
  });

  it("let a component complete its options from the cluster", () => {
    const registry = withComponent("prometheus", () => ({
      resolve: ({ cluster }, options) => ({ ...(options as object), retention: cluster.scale }),
    }));
    const { value } = resolved(hybrid, "dev", registry);
    const metrics = value?.clusters[0]?.slots.find(({ slot }) => slot === "metrics");
    expect(metrics?.options).toEqual({ retention: "single" });
  });

  it("need somebody to provide each ability", () => {
    const bare = merge(hybrid, { loadBalancer: null });
    expect(findings(bare, "prod")).toEqual(["plan/missing-capability ingress"]);
    const [found] = resolved(bare, "prod").diagnostics;
    expect(found).toMatchObject({
      message: "envoy-gateway needs loadBalancer, and nothing on standby provides it",
      hint: "add loadBalancer: metallb to the definition",
    });
  });

  it("say once that a system is retired, where it was chosen", () => {
    const registry = withComponent("metallb", () => ({
      notice: (path) => ({ code: "test/retired", severity: "warning", path, message: "retired" }),
    }));
    expect(findings(hybrid, "prod", registry)).toEqual(["test/retired loadBalancer"]);
  });

  it("are told where a wrong option was written", () => {
    const registry = withComponent("database-dump", () => ({
      resolve: ({ path, report }, options) => {
        report({
          code: "test/keep",
          severity: "warning",
          path: [...path, "keep"],
          message: "keep",
        });
        return options;
      },
    }));
    expect(findings(homeLab, "prod", registry)).toEqual([
      "test/keep overrides.prod.backup.nightly.keep",
    ]);
    expect(findings(homeLab, "home", registry)).toEqual(["test/keep backup.nightly.keep"]);
  });
});

describe("intents", () => {
  it("run once where the environment is single, and never scale there", () => {
    const { apps, databases } = clusterOf(hybrid, "dev");
    expect(apps.map(({ name, replicas, scale }) => [name, replicas, scale])).toEqual([
      ["mailer", 1, undefined],
      ["storefront", 1, undefined],
    ]);
    const three = merge(hybrid, {
      overrides: { dev: { databases: { orders: { instances: 3 } } } },
    });
    expect(clusterOf(three, "dev").databases[0]?.instances).toBe(1);
    expect(databases[0]?.instances).toBe(1);
  });

  it("scale between their bounds where the environment is highly available", () => {
    const { apps, databases } = clusterOf(hybrid, "prod");
    expect(apps.map(({ name, replicas, scale }) => [name, replicas, scale])).toEqual([
      ["mailer", 2, undefined],
      ["storefront", 2, { min: 2, max: 10, cpu: 70 }],
    ]);
    expect(databases[0]).toMatchObject({ instances: 3, storage: "20Gi", version: "18" });
  });

  it("have every default spelled out", () => {
    expect(clusterOf(homeLab, "home").apps.find(({ name }) => name === "photos")).toMatchObject({
      namespace: "services",
      image: "ghcr.io/attic/photos:2.1.0",
      port: 3000,
      replicas: 1,
      release: { kind: "rolling", maxSurge: 1, maxUnavailable: 0 },
      resources: {
        requests: { cpu: "100m", memory: "512Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
      health: { liveness: "/healthz", readiness: "/readyz" },
      secrets: [{ name: "maps", keys: ["API_KEY"], mount: "env" }],
      calls: [{ name: "tiles", host: "tiles.example.org", port: 443 }],
    });
    const { queues, buckets } = clusterOf(homeLab, "home");
    expect(queues[0]).toMatchObject({ deadLetterAfter: 5, visibilityTimeoutMs: 30_000 });
    expect(buckets[0]).toMatchObject({ versioned: false, expireAfterMs: 7_776_000_000 });
  });

  it("take the version of their image from the lock", () => {
    expect(clusterOf(hybrid, "dev").apps[0]?.image).toBe("ghcr.io/example/mailer:0.1.0");
  });

  it("bind what apps need, in the order they wrote it", () => {
    const { apps } = clusterOf(hybrid, "dev");
    const bindings = apps.find(({ name }) => name === "storefront")?.bindings ?? [];
    expect(
      bindings.map(({ origin, binding }) => [formatPath(origin), binding.intent.kind]),
    ).toEqual([
      ["apps.storefront.needs[0]", "database"],
      ["apps.storefront.needs[1]", "queue"],
      ["apps.storefront.needs[2]", "bucket"],
    ]);
  });

  it("mean the database when an app needs its own name", () => {
    const { apps } = clusterOf(homeLab, "home");
    const { bindings = [] } = apps.find(({ name }) => name === "photos") ?? {};
    expect(bindings.map(({ binding }) => [binding.intent.kind, binding.intent.name])).toEqual([
      ["database", "photos"],
      ["bucket", "originals"],
      ["app", "thumbnails"],
    ]);
  });

  it("cannot need an app that does not listen", () => {
    const deaf = merge(homeLab, { apps: { thumbnails: { port: null, health: null } } });
    expect(findings(deaf, "home")).toEqual(["plan/not-listening apps.photos.needs[2]"]);
  });
});

describe("namespaces, workloads and routes", () => {
  it("are one each, sorted", () => {
    const { namespaces, workloads, routes } = clusterOf(homeLab, "home");
    expect(namespaces.map(({ name, tenancy }) => `${tenancy} ${name}`)).toEqual([
      "platform argocd",
      "platform data",
      "app frontend",
      "platform ingress",
      "platform messaging",
      "platform metallb",
      "platform metrics",
      "app services",
      "platform storage",
    ]);
    expect(workloads.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      "argocd/argocd-server",
      "data/photos",
      "frontend/web",
      "ingress/gateway",
      "messaging/elasticmq",
      "metallb/speaker",
      "metrics/prometheus",
      "services/photos",
      "services/photos-api",
      "services/thumbnails",
      "storage/seaweedfs",
    ]);
    expect(routes.map(({ hostname, paths }) => [hostname, ...paths])).toEqual([
      ["argocd.attic.home.arpa", "/"],
      ["photos.attic.home.arpa", "/"],
      ["photos.attic.home.arpa", "/api"],
    ]);
  });

  it("cannot be an app's and the platform's at once", () => {
    const raw = merge(homeLab, { apps: { web: { namespace: "data" } } });
    expect(findings(raw, "home")).toEqual(["plan/contested-namespace apps.web"]);
  });

  it("cannot run two workloads of one name", () => {
    const raw = merge(homeLab, {
      apps: {
        "argocd-server": { image: "x:1", namespace: "services" },
        photos: { namespace: "services" },
      },
    });
    expect(findings(raw, "home")).toEqual([]);
    const twice = withComponent("database-dump", () => ({
      surface: (context) =>
        testRegistry.components.flatMap((component) =>
          component.name === "prometheus" && component.family === "slot"
            ? (component.surface?.(context, {}) ?? [])
            : [],
        )[0] ?? {},
    }));
    expect(findings(homeLab, "home", twice)).toEqual(["plan/contested-workload backup.nightly"]);
  });

  it("cannot answer one address twice", () => {
    const raw = merge(homeLab, { apps: { "photos-api": { route: { paths: ["/"] } } } });
    expect(findings(raw, "home")).toEqual(["plan/contested-route apps.photos-api.route"]);
  });
});

describe("secrets", () => {
  it("are one for each id, copied to whoever needs them", () => {
    const { secrets } = clusterOf(homeLab, "home");
    expect(
      secrets.map(({ id, name, provider, namespaces }) => [id, name, provider, ...namespaces]),
    ).toEqual([
      ["apps.photos.maps", "maps", "sealed", "services"],
      ["databases.photos", "photos-app", "sealed", "data", "services"],
    ]);
  });

  it("live only with their consumers where the system is elsewhere", () => {
    const { secrets } = clusterOf(homeLab, "prod");
    expect(secrets.find(({ id }) => id === "databases.photos")?.namespaces).toEqual(["services"]);
    const unused = merge(homeLab, { apps: { photos: { needs: ["originals"] } } });
    expect(clusterOf(unused, "prod").secrets.map(({ id }) => id)).toEqual(["apps.photos.maps"]);
  });

  it("cannot have two owners", () => {
    const raw = merge(homeLab, {
      apps: { thumbnails: { secrets: { maps: { keys: ["OTHER"] } } } },
    });
    const [found] = resolved(raw, "home").diagnostics;
    expect(found).toMatchObject({
      code: "plan/contested-secret",
      path: ["apps", "thumbnails", "secrets", "maps"],
      related: [{ path: ["apps", "photos", "secrets", "maps"] }],
    });
  });

  const twoStores = merge(homeLab, { secrets: { other: { kind: "sealed-secrets" } } });

  it("say which of several stores keeps them", () => {
    expect(findings(twoStores, "home")).toEqual([
      "plan/ambiguous-secret-provider apps.photos.secrets.maps",
      "plan/ambiguous-secret-provider databases.photos",
    ]);
    const stated = merge(twoStores, {
      databases: null,
      apps: { photos: { needs: null, secrets: { maps: { from: "other" } } } },
    });
    expect(clusterOf(stated, "home").secrets.map(({ provider }) => provider)).toEqual(["other"]);
  });

  it("need a store", () => {
    const registry: Registry = {
      ...testRegistry,
      slots: testRegistry.slots.map(({ name, cardinality, scope }) => ({
        name,
        cardinality,
        scope,
      })),
    };
    const raw = merge(homeLab, { secrets: null });
    const found = resolved(raw, "home", registry).diagnostics;
    expect(found.map(({ code }) => code)).toContain("plan/missing-secret-provider");
    expect(found[0]?.hint).toContain(sealedSecretsFiller.name);
  });
});

describe("the lock", () => {
  const lock = lockOf(hybrid);

  it("must be there", () => {
    const { value } = parseDefinition(hybrid, testRegistry);
    invariant(value, "the fixture is right");
    expect(resolvePlan(value, "dev", undefined, testRegistry).diagnostics).toMatchObject([
      { code: "lock/missing", hint: "run keelson update" },
    ]);
  });

  it.each([
    ["a range", { ...lock, ranges: {} }, ["clusters.local"]],
    ["an app's version", { ...lock, apps: {} }, ["apps.mailer.image", "apps.storefront.image"]],
  ])("must know %s", (_name, incomplete, paths) => {
    const { diagnostics } = resolved(hybrid, "dev", testRegistry, incomplete);
    expect(diagnostics.map(({ code }) => code)).toEqual(paths.map(() => "lock/incomplete"));
    expect(diagnostics.map(({ path }) => formatPath(path))).toEqual(paths);
  });
});

describe("resolvePlan", () => {
  it("refuses an environment that is none", () => {
    const { value } = parseDefinition(hybrid, testRegistry);
    invariant(value, "the fixture is right");
    expect(resolvePlan(value, "pord", lockOf(hybrid), testRegistry).diagnostics).toMatchObject([
      { code: "model/dangling-reference", hint: 'did you mean "prod"?' },
    ]);
  });

  it("gives the same plan whatever the order of keys", () => {
    const lock = lockOf(homeLab);
    const text = (raw: unknown) => JSON.stringify(resolved(raw, "prod", testRegistry, lock).value);
    expect(text(reversed(homeLab))).toBe(text(homeLab));
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
