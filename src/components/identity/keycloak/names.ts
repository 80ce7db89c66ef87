// Where Keycloak answers and what its parts are called.

import type { PlannedCluster } from "../../../model/index.ts";
import type { KeycloakOptions } from "./options.ts";

// Apart from security, which everything else waits for: it needs a database itself.
export const AREA = "infrastructure/identity";
export const NAME = "keycloak";
export const NAMESPACE = "keycloak";
export const ADMIN_SECRET = "keycloak-admin";
export const REALM_MAP = "keycloak-realm";
export const HTTP_PORT = 8080;
/** Health and metrics, never routed. */
export const MANAGEMENT_PORT = 9000;
/** JGroups, and its failure detection at an offset of 50000. */
export const CLUSTER_PORT = 7800;
export const FAILURE_PORT = 57_800;
/** Client id that kubectl's login plugin signs in with. */
export const KUBERNETES_CLIENT = "kubernetes";
/** Claim of the tokens that names a person's groups. */
export const GROUPS_CLAIM = "groups";

type Facts = Pick<PlannedCluster, "platform" | "domain">;

export const realmOf = ({ platform }: Facts, { realm }: KeycloakOptions): string =>
  realm ?? platform;

export const issuerOf = (cluster: Facts, options: KeycloakOptions): string =>
  `https://${options.host}.${cluster.domain}/realms/${realmOf(cluster, options)}`;
