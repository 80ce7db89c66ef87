// Keycloak: the platform's people and groups. The project maintains no chart, and its operator's realm import creates and never
// changes, as the server's own does: so there is no operator, and the server runs as a StatefulSet of ours.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, ResolveContext } from "../../../model/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { emitterFor, metadataOf, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { signInFiles } from "./api-server-sign-in.ts";
import { signInNotPossible } from "./diagnostics.ts";
import { AREA, NAME, REALM_MAP } from "./names.ts";
import { keycloakSchema, type KeycloakOptions } from "./options.ts";
import { realmImport } from "./realm.ts";
import { keycloakStatefulSet } from "./stateful-set.ts";
import {
  databaseOf,
  keycloakOffers,
  keycloakRoutes,
  keycloakSurface,
  keycloakWorkload,
} from "./surface.ts";

export const keycloakFiller = defineSlotFiller<KeycloakOptions>({
  name: NAME,
  slot: "identity",
  area: AREA,
  provides: ["signIn"],
  needs: ["httpRoute"],
  options: keycloakSchema,
  resolve: settle,
  routes: keycloakRoutes,
  offers: keycloakOffers,
  surface: keycloakSurface,
  emit: emitKeycloak,
});

function settle(
  { cluster, path, report }: ResolveContext,
  options: KeycloakOptions,
): KeycloakOptions {
  const { ownsApiServer, takesIssuer, displayName } = cluster.substrate;
  if (!ownsApiServer && !takesIssuer) report(signInNotPossible(path, { substrate: displayName }));
  return { ...options, replicas: options.replicas ?? (cluster.scale === "single" ? 1 : 2) };
}

function emitKeycloak({ cluster, path }: EmitContext, options: KeycloakOptions): Emission {
  const database = databaseOf(cluster, options);
  const files = signInFiles(cluster, path, options);
  if (!cluster.primary || database === undefined) return { files };
  const workload = keycloakWorkload(cluster, path, options);
  const emitted = emitterFor(AREA, path);
  const realm: KubernetesObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(cluster.platform, workload, REALM_MAP),
    data: { "realm.json": `${JSON.stringify(realmImport(cluster, options), undefined, 2)}\n` },
  };
  const budget: KubernetesObject = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(cluster.platform, workload),
    spec: { maxUnavailable: 1, selector: { matchLabels: workload.labels } },
  };
  return {
    files,
    objects: [
      emitted(serviceAccountOf(cluster.platform, workload)),
      emitted(
        realm,
        "imported when the realm is not there yet; later changes are made in Keycloak",
      ),
      emitted(keycloakStatefulSet(cluster, workload, database, options)),
      ...servicesOf(cluster.platform, workload).map((service) => emitted(service)),
      ...(workload.replicas > 1 ? [emitted(budget)] : []),
    ],
  };
}
