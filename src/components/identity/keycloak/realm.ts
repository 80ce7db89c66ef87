// The realm as Keycloak imports it at its first start: the platform's groups, kubectl and its pages as public clients with PKCE, and
// groups in every token. An import never changes a realm that is there. Fields: keycloak 26.7 RealmRepresentation.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { GROUPS_CLAIM, KUBERNETES_CLIENT, NAME, realmOf } from "./names.ts";
import type { KeycloakOptions } from "./options.ts";

/** Where kubelogin listens (int128/kubelogin docs/usage.md). */
const KUBELOGIN = ["http://localhost:8000", "http://localhost:18000"];

export function realmImport(cluster: PlannedCluster, options: KeycloakOptions): Fields {
  return {
    realm: realmOf(cluster, options),
    enabled: true,
    sslRequired: "external",
    registrationAllowed: false,
    bruteForceProtected: true,
    // Five minutes are long enough for a token that says who belongs to which group.
    accessTokenLifespan: 300,
    groups: groupsOf(cluster).map((name) => ({ name })),
    clientScopes: [groupsScope()],
    clients: clientsOf(cluster, options).map(([clientId, redirectUris]) => ({
      clientId,
      enabled: true,
      protocol: "openid-connect",
      publicClient: true,
      standardFlowEnabled: true,
      directAccessGrantsEnabled: false,
      redirectUris,
      attributes: { "pkce.code.challenge.method": "S256" },
      defaultClientScopes: ["basic", "profile", "email", "roles", "web-origins", GROUPS_CLAIM],
    })),
  };
}

export function groupsOf({ roles }: Pick<PlannedCluster, "roles">): string[] {
  return [...new Set(roles.flatMap(({ groups }) => groups))].toSorted();
}

/** kubectl, every page of the platform's own systems under its name, and what a person added. */
function clientsOf(
  { routes }: Pick<PlannedCluster, "routes">,
  { clients }: KeycloakOptions,
): [string, readonly string[]][] {
  const pages = routes
    .filter(({ area, name }) => !area.startsWith("apps/") && name !== NAME)
    .map(({ name, hostname }): [string, string[]] => [name, [`https://${hostname}/*`]]);
  const own = Object.entries(clients).map(([id, { redirects }]): [string, readonly string[]] => [
    id,
    redirects,
  ]);
  return [...new Map([[KUBERNETES_CLIENT, KUBELOGIN], ...pages, ...own])];
}

function groupsScope(): Fields {
  return {
    name: GROUPS_CLAIM,
    protocol: "openid-connect",
    attributes: { "include.in.token.scope": "true" },
    protocolMappers: [
      {
        name: GROUPS_CLAIM,
        protocol: "openid-connect",
        protocolMapper: "oidc-group-membership-mapper",
        config: {
          "claim.name": GROUPS_CLAIM,
          // A role names the group itself, not where it stands in a tree.
          "full.path": "false",
          "id.token.claim": "true",
          "access.token.claim": "true",
          "userinfo.token.claim": "true",
        },
      },
    ],
  };
}
