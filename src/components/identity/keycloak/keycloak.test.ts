// Keycloak: a realm whose groups are those that roles are bound to, on a database of the graph, believed by the API server where that
// is possible.

import { describe, expect, it } from "vitest";

import { citadel } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { developerMachine, doks, digitalocean, k3d } from "../../index.ts";

const planned = planEnvironment(citadel, "prod");

function emitted(plan: typeof planned) {
  const found = emissionsOf(plan).find(({ component }) => component === "keycloak")?.emission;
  return {
    objects: found?.objects?.map(({ object }) => object) ?? [],
    files: new Map(found?.files?.map(({ file, text }) => [file, text])),
  };
}
const { objects, files } = emitted(planned);

interface Realm {
  readonly realm: string;
  readonly groups: readonly { readonly name: string }[];
  readonly clients: readonly {
    readonly clientId: string;
    readonly publicClient: boolean;
    readonly redirectUris: readonly string[];
  }[];
}
const map = objects.find(({ kind }) => kind === "ConfigMap")?.["data"] as Record<string, string>;
const realm = JSON.parse(map["realm.json"] ?? "") as Realm;

describe("the realm", () => {
  it("has exactly the groups that roles are bound to", () => {
    expect(realm.groups.map(({ name }) => name)).toEqual(["citadel:readers", "citadel:wardens"]);
  });

  it("knows kubectl and the platform's pages, and no secret of any", () => {
    const clients = Object.fromEntries(
      realm.clients.map(({ clientId, redirectUris }) => [clientId, redirectUris]),
    );
    expect(clients["kubernetes"]).toContain("http://localhost:8000");
    expect(clients["grafana"]).toEqual(["https://grafana.citadel.example.com/*"]);
    expect(clients).not.toHaveProperty("gate");
    expect(realm.clients.every(({ publicClient }) => publicClient)).toBe(true);
    expect(JSON.stringify(realm)).not.toContain("secret");
  });
});

describe("the server", () => {
  it("reaches the database by its binding, and each member the others", () => {
    const named = planned.graph.flows.filter(({ name }) => name.startsWith("keycloak-"));
    expect(named.map(({ name, port }) => `${name} ${port}`)).toEqual([
      "keycloak-members-57800 57800",
      "keycloak-members-7800 7800",
      "keycloak-to-database 5432",
    ]);
    const text = JSON.stringify(objects.find(({ kind }) => kind === "StatefulSet"));
    expect(text).toContain('{"name":"KC_DB_URL_HOST","value":"people');
    expect(text).toContain('{"name":"KC_DB_PASSWORD","valueFrom":{"secretKeyRef":');
  });

  it("keeps its administration console inside", () => {
    const route = planned.cluster.routes.find(({ name }) => name === "keycloak");
    expect(route?.paths).toEqual(["/realms", "/resources"]);
  });
});

describe("the API server", () => {
  const issuer = "https://auth.citadel.example.com/realms/citadel";
  it("is told by its provider where that takes an issuer", () => {
    const request = JSON.parse(
      files.get("clusters/prod/identity/identity-provider.json") ?? "",
    ) as {
      readonly oidc: unknown;
    };
    expect(request.oidc).toMatchObject({ issuerUrl: issuer, groupsClaim: "groups" });
  });

  it("reads a file where it is ours", () => {
    const { cni: _cni, ...own } = {
      ...citadel,
      sites: { ireland: developerMachine() },
      clusters: { keep: k3d({ site: "ireland", agents: 2 }) },
      secrets: { sealed: { kind: "sealed-secrets" } },
      environments: { prod: { clusters: ["keep"], scale: "single" } },
      loadBalancer: { kind: "metallb" },
    } as const;
    const text = emitted(planEnvironment(own, "prod")).files.get(
      "clusters/prod/identity/authentication.yaml",
    );
    expect(text).toContain(`url: ${issuer}`);
    expect(text).toContain("kind: AuthenticationConfiguration");
  });

  it("asks its provider's accounts where it takes no issuer, which is said", () => {
    const { cni: _cni, ...managed } = {
      ...citadel,
      sites: { ireland: digitalocean({ region: "ams3", network: "10.30.0.0/16" }) },
      clusters: {
        keep: doks({
          site: "ireland",
          kubernetes: "1.35",
          nodes: { min: 3, max: 3, size: "s-4vcpu-8gb" },
        }),
      },
    } as const;
    const codes = (definition: unknown) => findings(definition, "prod").map(({ code }) => code);
    expect(codes(managed)).toContain("identity/cluster-asks-elsewhere");
    expect(codes({ ...managed, cni: { kind: "calico" } })).toContain("cni/plugin-in-place");
    expect(codes(citadel)).not.toContain("identity/cluster-asks-elsewhere");
    expect(codes(citadel)).not.toContain("cni/plugin-in-place");
  });
});
