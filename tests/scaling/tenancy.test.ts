// Namespaces by every scheme: the same conversations whatever the namespaces are called, and quotas, defaults and rights where apps
// are. A quota refuses what goes over it; a container that states nothing gets the defaults, whoever put it into the pod.

import { beforeAll, describe, expect, it } from "vitest";

import {
  istio,
  namespaces,
  nginxGatewayFabric,
  postgresServer,
  sealedSecrets,
} from "../../src/components/index.ts";
import {
  builtinKinds,
  createKindRegistry,
  createNetworkPolicyEvaluator,
  hasPort,
  networkPolicyOf,
  StatusError,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import type { CompiledTarget } from "../../src/model/index.ts";
import { checkQuotas } from "../../src/verifier/checks/quotas.ts";
import { verify } from "../../src/verifier/index.ts";
import { shop } from "./definitions.ts";
import {
  bootSmall,
  compileSmall,
  compileWhole,
  type Platform,
  type SmallPlatform,
} from "./small-platform.ts";

const tiered = (scheme: "app" | "tier" | "layer" | "group"): Platform => ({
  ...shop,
  tenancy: namespaces({ scheme }),
  ingress: nginxGatewayFabric(),
  secrets: { sealed: sealedSecrets() },
  providers: { postgres: postgresServer() },
  databases: { orders: { kind: "postgres" } },
  apps: {
    web: { image: "ghcr.io/example/web:1.0.0", route: { host: "www", port: 8080 }, needs: ["api"] },
    api: { image: "ghcr.io/example/api:1.0.0", port: 8000, needs: ["orders"], group: "shop" },
  },
  roles: { developers: { level: "developer", groups: ["shop:developers"] } },
});

/** `a→b` of everything that may open a connection to a port of the other. */
function conversations({ cluster, objects }: CompiledTarget, names: readonly string[]): string[] {
  const own = cluster.workloads.filter(({ name }) => names.includes(name));
  const evaluator = createNetworkPolicyEvaluator({
    namespaces: new Map(
      objects.flatMap(({ object: { kind, metadata } }) =>
        kind === "Namespace" ? [[metadata.name, metadata.labels ?? {}] as const] : [],
      ),
    ),
    policies: objects
      .filter(({ object }) => object.kind === "NetworkPolicy")
      .map(({ object }) => networkPolicyOf(object)),
  });
  const pods = own.map(({ name, namespace, labels, ports }) => ({
    name,
    ports,
    party: {
      kind: "pod" as const,
      pod: { namespace, labels, namedPorts: ports, hostNetwork: false },
    },
  }));
  return pods
    .flatMap((from) =>
      pods
        .filter((to) => to !== from)
        .filter((to) => {
          const open = evaluator.allowed(from.party, to.party);
          return to.ports.some(({ protocol, port }) => hasPort(open, protocol, port));
        })
        .map((to) => `${from.name}→${to.name}`),
    )
    .toSorted();
}

describe("a scheme", () => {
  it.each([
    { scheme: "app" as const, homes: ["api", "web"] },
    { scheme: "tier" as const, homes: ["frontend", "shop"] },
    { scheme: "layer" as const, homes: ["apps", "shop"] },
    { scheme: "group" as const, homes: ["shop", "web"] },
  ])("by $scheme", ({ scheme, homes }) => {
    const target = compileSmall(tiered(scheme), "prod");
    // The tiers' matrix: inwards one step at a time, never past one and never back.
    expect(conversations(target, ["web", "api", "orders"])).toEqual(["api→orders", "web→api"]);
    const where = (kind: string, who = ""): string[] =>
      target.objects
        .filter(({ object }) => object.kind === kind && JSON.stringify(object).includes(who))
        .map(({ object }) => object.metadata.namespace ?? "")
        .filter((name, at, all) => all.indexOf(name) === at);
    expect(target.cluster.apps.map(({ namespace }) => namespace).toSorted()).toEqual(homes);
    for (const kind of ["ResourceQuota", "LimitRange", "NetworkPolicy"])
      expect(where(kind), kind).toEqual(expect.arrayContaining(homes));
    expect(where("RoleBinding", "shop:developers").toSorted()).toEqual(homes);
  });
});

const FIXED = { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "8", memory: "16Gi" } };

describe("a quota of four and eight cores", () => {
  let platform: SmallPlatform;
  beforeAll(async () => {
    const definition = { ...shop, tenancy: namespaces({ quotas: { web: FIXED } }) };
    platform = await bootSmall(compileSmall(definition, "prod"), {
      kinds: ["PriorityClass", "Namespace", "ResourceQuota", "LimitRange"],
    });
  });

  const pod = (
    name: string,
    containers: readonly object[],
    more: object = {},
  ): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "web" },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: containers.map((container) => ({ ...HARDENED, ...container })),
      ...more,
    },
  });
  const HARDENED = {
    image: "ghcr.io/example/web:1.0.0",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const refusal = async (object: KubernetesObject): Promise<string> => {
    try {
      await platform.api.create(object);
      return "";
    } catch (error) {
      return error instanceof StatusError ? error.message : String(error);
    }
  };

  it("gives the defaults to whatever states nothing: app, sidecar and init container", async () => {
    const init = { ...HARDENED, name: "init" };
    expect(
      await refusal(pod("bare", [{ name: "web" }, { name: "proxy" }], { initContainers: [init] })),
    ).toBe("");
    const found = await platform.api.get({
      apiVersion: "v1",
      kind: "Pod",
      namespace: "web",
      name: "bare",
    });
    const { containers, initContainers } = found["spec"] as Record<string, { resources: object }[]>;
    for (const { resources } of [...(containers ?? []), ...(initContainers ?? [])])
      expect(resources).toEqual({
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      });
  });

  it("counts both containers, and refuses what goes over", async () => {
    const quota = await platform.api.get({
      apiVersion: "v1",
      kind: "ResourceQuota",
      namespace: "web",
      name: "namespace",
    });
    await platform.advance(1000);
    const { requests, limits } = FIXED;
    expect(quota["spec"]).toMatchObject({
      hard: {
        "requests.cpu": requests.cpu,
        "requests.memory": requests.memory,
        "limits.cpu": limits.cpu,
        "limits.memory": limits.memory,
      },
    });
    expect(quota["status"]).toMatchObject({ used: { "limits.cpu": "1", "requests.cpu": "200m" } });
    const large = (cpu: string) => ({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu, memory: "256Mi" },
    });
    expect(await refusal(pod("fits", [{ name: "web", resources: large("7") }]))).toBe("");
    expect(await refusal(pod("over", [{ name: "web" }]))).toMatch(
      /exceeded quota: namespace, requested: limits\.cpu=500m, used: limits\.cpu=8, limited: limits\.cpu=8/,
    );
  });
});

describe("figures that do not fit together (T-07)", () => {
  // Ten pods and one that surges share eight cores: 727m each, sidecar included.
  const pods = (limit: string, more: object = {}): Platform => ({
    ...shop,
    ...more,
    tenancy: namespaces({ quotas: { web: FIXED } }),
    apps: {
      web: {
        image: "ghcr.io/example/web:1.0.0",
        port: 8080,
        scale: { min: 2, max: 10, cpu: 70 },
        resources: {
          requests: { cpu: "300m", memory: "256Mi" },
          limits: { cpu: limit, memory: "512Mi" },
        },
      },
    },
  });

  it.each([
    { name: "eleven of 727m fit", definition: pods("727m"), codes: [] },
    { name: "eleven of 728m do not", definition: pods("728m"), codes: ["verify/quota-too-small"] },
    {
      name: "a sidecar counts",
      definition: pods("727m", { mesh: istio() }),
      codes: ["verify/quota-too-small"],
    },
  ])("$name", ({ definition, codes }) => {
    const compiled = compileWhole(definition, "prod");
    const found = verify({ compiled, kinds: createKindRegistry(builtinKinds()) }, [checkQuotas]);
    expect(found.map(({ code }) => code)).toEqual(codes);
  });
});
