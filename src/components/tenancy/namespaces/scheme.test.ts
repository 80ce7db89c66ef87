// Where apps live under each scheme, and who may do what there: quotas, rights and projects follow the namespaces.

import { describe, expect, it } from "vitest";

import { harbour } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

const OWNER = { level: "developer", groups: ["harbour:web"], namespaces: ["frontend"] } as const;
const under = (scheme: string, more: object = {}): unknown => ({
  ...harbour,
  tenancy: { kind: "namespaces", scheme },
  apps: {
    ...harbour.apps,
    pricing: { image: "ghcr.io/example/pricing:2.0.0", port: 9090, group: "shop" },
  },
  ...more,
});

describe("namespaces of apps", () => {
  // storefront has a route, pricing a group, mailer neither.
  it.each([
    { scheme: "app", homes: { mailer: "mailer", pricing: "pricing", storefront: "storefront" } },
    { scheme: "tier", homes: { mailer: "services", pricing: "shop", storefront: "frontend" } },
    { scheme: "layer", homes: { mailer: "apps", pricing: "shop", storefront: "apps" } },
    { scheme: "group", homes: { mailer: "mailer", pricing: "shop", storefront: "storefront" } },
  ])("by $scheme", ({ scheme, homes }) => {
    const { cluster, diagnostics } = planEnvironment(under(scheme), "prod");
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const found = cluster.apps.map(({ name, namespace }) => [name, namespace]);
    expect(Object.fromEntries(found)).toEqual(homes);
    const objects = emissionsOf({ ...planEnvironment(under(scheme), "prod") })
      .flatMap(({ emission }) => emission.objects ?? [])
      .map(({ object }) => object);
    const quotas = objects.filter(({ kind }) => kind === "ResourceQuota");
    for (const home of Object.values(homes))
      expect(quotas.map(({ metadata }) => metadata.namespace)).toContain(home);
  });
});

describe("a role for some namespaces", () => {
  const definition = under("tier", { roles: { web: OWNER } });

  it("has its rights there and nowhere else", () => {
    const bindings = emissionsOf(planEnvironment(definition, "prod"))
      .flatMap(({ emission }) => emission.objects ?? [])
      .map(({ object }) => object)
      .filter((object) => JSON.stringify(object).includes("harbour:web"))
      .filter(({ apiVersion }) => apiVersion.startsWith("rbac."));
    expect(bindings.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ["RoleBinding", "frontend"],
    ]);
  });

  it.each([
    { name: "a namespace of apps", role: OWNER, codes: [] },
    {
      name: "one that is not there",
      role: { ...OWNER, namespaces: ["front"] },
      codes: ["model/dangling-reference"],
    },
    {
      name: "one of the platform",
      role: { ...OWNER, namespaces: ["argocd"] },
      codes: ["model/dangling-reference"],
    },
    {
      name: "an administrator of some",
      role: { ...OWNER, level: "cluster-admin" },
      codes: ["model/contradiction"],
    },
  ])("$name", ({ role, codes }) => {
    const found = findings(under("tier", { roles: { web: role } }), "prod");
    const errors = found.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code }) => code)).toEqual(codes);
  });
});
