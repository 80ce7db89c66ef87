// The store, and one ExternalSecret for every copy of a secret. Fields: external-secrets apis/externalsecrets/v1
// {externalsecret_types,secretstore_vault_types,secretstore_aws_types}.go 2.9.0.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedSecret } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import type { ExternalSecretsOptions } from "./options.ts";
import { NAMESPACE, RELEASE } from "./surface.ts";

const API = "external-secrets.io/v1";

export function clusterStore(
  platform: string,
  name: string,
  options: ExternalSecretsOptions,
): KubernetesObject {
  return {
    apiVersion: API,
    kind: "ClusterSecretStore",
    metadata: { name, labels: systemLabels(platform, name, "secret-store") },
    spec: { provider: providerOf(options) },
  };
}

function providerOf({ vault, aws }: ExternalSecretsOptions): Fields {
  if (vault === undefined) return { aws: { service: "SecretsManager", region: aws?.region } };
  const { address, mount, auth, role } = vault;
  const serviceAccountRef = { name: RELEASE, namespace: NAMESPACE };
  return {
    vault: {
      server: address,
      path: mount,
      version: "v2",
      auth: { kubernetes: { mountPath: auth, role, serviceAccountRef } },
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

export function externalSecret(
  cluster: PlannedCluster,
  store: string,
  secret: PlannedSecret,
  namespace: string,
  options: ExternalSecretsOptions,
): KubernetesObject {
  const labels = systemLabels(cluster.platform, secret.name, "secret");
  const key = storedAt(cluster, secret, options);
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
        remoteRef: { key, property: one.key },
      })),
    },
  };
}
