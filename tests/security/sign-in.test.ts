// From the claim of a token to rights: what the realm puts into it, what the API server makes of it by the file the platform emits,
// and what the person then may on the cluster and in Argo CD, level by level.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { citadel } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import { createRng, createVirtualClock } from "../../src/core/index.ts";
import { existing, onPremise } from "../../src/index.ts";
import type { UserInfo } from "../../src/kubernetes/index.ts";
import { mayInArgocd, parsePolicy } from "./argocd-policy.ts";

const planned = planEnvironment(
  {
    ...citadel,
    // Where the API server's flags are the platform's to set.
    sites: { keep: onPremise({ network: "10.30.0.0/16" }) },
    clusters: { keep: existing({ site: "keep" }) },
    secrets: { sealed: { kind: "sealed-secrets" } },
    roles: {
      ...citadel.roles,
      builders: { level: "developer", groups: ["citadel:builders"] },
    },
  },
  "prod",
);
const emissions = emissionsOf(planned).map(({ emission }) => emission);
const objects = emissions.flatMap((emission) =>
  (emission.objects ?? []).map(({ object }) => object),
);

interface Authentication {
  readonly jwt: readonly {
    readonly issuer: { readonly url: string; readonly audiences: readonly string[] };
    readonly claimMappings: Record<"username" | "groups", { claim: string; prefix: string }>;
  }[];
}

function authenticator(): Authentication["jwt"][number] {
  const file = emissions
    .flatMap(({ files }) => files ?? [])
    .find((one) => one.file.endsWith("identity/authentication.yaml"));
  const [jwt] = (parse(file?.text ?? "") as Authentication).jwt;
  if (jwt === undefined) throw new Error("the API server believes an issuer");
  return jwt;
}

interface Realm {
  readonly groups: readonly { readonly name: string }[];
  readonly clients: readonly {
    readonly clientId: string;
    readonly redirectUris: readonly string[];
  }[];
  readonly clientScopes: readonly {
    readonly protocolMappers: readonly { readonly config: Readonly<Record<string, string>> }[];
  }[];
}

function realm(): Realm {
  const map = objects.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.namespace === "keycloak",
  );
  const { "realm.json": text = "" } = (map?.["data"] ?? {}) as Readonly<Record<string, string>>;
  return JSON.parse(text) as Realm;
}

/** A token's claims for a member of groups, as the realm's own mapper makes them. */
function claimsOf(groups: readonly string[]): Readonly<Record<string, unknown>> {
  const config = realm().clientScopes[0]?.protocolMappers[0]?.config ?? {};
  const known = realm().groups.map(({ name }) => name);
  const named = groups
    .filter((group) => known.includes(group))
    .map((group) => (config["full.path"] === "true" ? `/${group}` : group));
  return { preferred_username: "ada", [config["claim.name"] ?? ""]: named };
}

/** As the API server maps claims: kubernetes apiserver pkg/authentication, structured configuration. */
function userOf(claims: Readonly<Record<string, unknown>>): UserInfo {
  const { username, groups } = authenticator().claimMappings;
  const given = (claims[groups.claim] ?? []) as readonly string[];
  return {
    name: `${username.prefix}${String(claims[username.claim])}`,
    groups: [...given.map((group) => `${groups.prefix}${group}`), "system:authenticated"],
  };
}

const argocd = emissions
  .flatMap(({ charts }) => charts ?? [])
  .find(({ name }) => name === "argocd");
const configs = (argocd?.values["configs"] ?? {}) as {
  readonly cm: Readonly<Record<string, string>>;
  readonly rbac: Readonly<Record<string, string>>;
};

describe("sign-in", () => {
  let cluster: EmbeddedCluster;
  beforeAll(async () => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    cluster = createEmbeddedCluster({ name: "s", clock, rng: createRng("s"), nodes: [] });
    await cluster.start();
    for (const kind of ["Namespace", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"])
      for (const object of objects.filter((one) => one.kind === kind))
        await cluster.api.apply(object, { fieldManager: "test", force: true });
  });
  afterAll(() => cluster.stop());

  const may = (user: UserInfo, verb: string, resource: string, namespace: string): boolean => {
    const about = {
      verb,
      resource,
      namespace,
      group: "",
      version: "v1",
      subresource: "",
      name: "",
    };
    return cluster.context.authorizer({ user, ...about }).decision === "allow";
  };

  it.each([
    {
      group: "citadel:wardens",
      reads: true,
      deletes: true,
      secrets: true,
      kills: true,
    },
    {
      group: "citadel:builders",
      reads: true,
      deletes: true,
      secrets: false,
      kills: false,
    },
    {
      group: "citadel:readers",
      reads: true,
      deletes: false,
      secrets: false,
      kills: false,
    },
    {
      group: "citadel:strangers",
      reads: false,
      deletes: false,
      secrets: false,
      kills: false,
    },
  ])("as a member of $group", ({ group, reads, deletes, secrets, kills }) => {
    const claims = claimsOf([group]);
    const user = userOf(claims);
    expect(user.name).toBe("oidc:ada");
    expect({
      reads: may(user, "list", "pods", "gate"),
      deletes: may(user, "delete", "pods", "gate"),
      secrets: may(user, "get", "secrets", "gate"),
    }).toEqual({ reads, deletes, secrets });
    const policy = parsePolicy(configs.rbac["policy.csv"] ?? "");
    const groups = claims["groups"] as readonly string[];
    const asked = { groups, resource: "applications", object: "citadel-gate/gate" };
    expect(mayInArgocd(policy, { ...asked, action: "delete" })).toBe(kills);
    expect(mayInArgocd(policy, { ...asked, action: "get" })).toBe(reads);
  });

  it("is Argo CD's as well, without a word of it in the definition", () => {
    const config = parse(configs.cm["oidc.config"] ?? "") as Readonly<Record<string, unknown>>;
    expect(config).toMatchObject({
      issuer: authenticator().issuer.url,
      clientID: "argocd",
      enablePKCEAuthentication: true,
    });
    const client = realm().clients.find(({ clientId }) => clientId === "argocd");
    expect(client?.redirectUris).toEqual(["https://argocd.citadel.example.com/*"]);
    expect(configs.rbac["scopes"]).toBe("[groups]");
    const flow = planned.graph.flows.find(({ name }) => name === "argocd-server-to-sign-in");
    expect(flow).toMatchObject({ to: { name: "auth.citadel.example.com" }, port: 443 });
  });

  it("gives nobody a group of the system", () => {
    const text = JSON.stringify(parse(JSON.stringify(authenticator())));
    expect(text).toContain("!group.startsWith('system:')");
  });
});
