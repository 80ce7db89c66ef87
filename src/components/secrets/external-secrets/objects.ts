// The store, and one ExternalSecret for every copy of a secret. Fields: external-secrets apis/externalsecrets/v1
// {externalsecret_types,secretstore_vault_types,secretstore_aws_types}.go 2.9.0.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedSecret } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import type { ExternalSecretsOptions } from "./options.ts";
import { serverBeside } from "./server-beside.ts";
import { NAMESPACE, RELEASE } from "./surface.ts";

const API = "external-secrets.io/v1";

/** Of the tokens the operator signs in with; roles that Keelson writes ask for it. */
const AUDIENCE = "vault";

export function clusterStore(
  { platform, offers }: Pick<PlannedCluster, "platform" | "offers">,
  name: string,
  options: ExternalSecretsOptions,
): KubernetesObject {
  return {
    apiVersion: API,
    kind: "ClusterSecretStore",
    metadata: { name, labels: systemLabels(platform, name, "secret-store") },
    spec: { provider: providerOf(options, offers) },
  };
}

function providerOf(options: ExternalSecretsOptions, offers: PlannedCluster["offers"]): Fields {
  const { vault, aws } = options;
  if (vault === undefined) return { aws: { service: "SecretsManager", region: aws?.region } };
  const beside = serverBeside(options, offers);
  const { mount, auth, role } = vault;
  const serviceAccountRef = {
    name: RELEASE,
    namespace: NAMESPACE,
    ...(beside === undefined ? {} : { audiences: [AUDIENCE] }),
  };
  const { secret, namespace, key } = beside?.authority ?? {};
  return {
    vault: {
      server: vault.address ?? beside?.url,
      path: mount,
      version: "v2",
      auth: { kubernetes: { mountPath: auth, role, serviceAccountRef } },
      ...(secret === undefined
        ? {}
        : { caProvider: { type: "Secret", name: secret, namespace, key } }),
    },
  };
}

/** `harbour/prod/databases/orders`: below the prefix, the secret's id as a path. */
export function storedAt(
  { platform, environment }: Pick<PlannedCluster, "platform" | "environment">,
  { id }: Pick<PlannedSecret, "id">,
  { prefix }: Pick<ExternalSecretsOptions, "prefix">,
): string {
  return `${prefix ?? `${platform}/${environment}`}/${id.replaceAll(".", "/")}`;
}

export interface Copy {
  /** Name of the store. */
  readonly store: string;
  readonly secret: PlannedSecret;
  readonly namespace: string;
  readonly options: ExternalSecretsOptions;
}

export function externalSecret(
  platform: string,
  { store, secret, namespace, options }: Copy,
): KubernetesObject {
  const labels = systemLabels(platform, secret.name, "secret");
  return {
    apiVersion: API,
    kind: "ExternalSecret",
    metadata: { name: secret.name, namespace, labels },
    spec: {
      refreshInterval: options.refresh,
      secretStoreRef: { kind: "ClusterSecretStore", name: store },
      target: {
        name: secret.name,
        creationPolicy: "Owner",
        template: { type: secret.type, metadata: { labels } },
      },
      data: secret.keys.map((one) => ({
        secretKey: one.key,
        remoteRef: { key: secret.storedAt, property: one.key },
      })),
    },
  };
}
