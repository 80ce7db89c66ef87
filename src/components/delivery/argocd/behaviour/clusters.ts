// The clusters registered in Argo CD: Secrets labelled `argocd.argoproj.io/secret-type: cluster`.
// Mirrors Argo CD docs/operator-manual/declarative-setup.md, "Clusters".

import type { Informer, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";
import { ARGOCD_NAMESPACE } from "./resources.ts";

export const SECRET: KindRef = { apiVersion: "v1", kind: "Secret" };

export interface RegisteredCluster {
  readonly name: string;
  /** `https://kubernetes.default.svc` for the cluster Argo CD runs in. */
  readonly server: string;
  readonly project: string;
  readonly secret: KubernetesObject;
}

/** Sorted by name. */
export function registeredClusters(secrets: Informer): readonly RegisteredCluster[] {
  const registrations = secrets.list(ARGOCD_NAMESPACE).filter(isClusterSecret);
  return registrations
    .map(readCluster)
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

export function isClusterSecret({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.["argocd.argoproj.io/secret-type"] === "cluster";
}

function readCluster(secret: KubernetesObject): RegisteredCluster {
  const data = (secret["data"] ?? {}) as Readonly<Record<string, string>>;
  const field = (key: string): string => Buffer.from(data[key] ?? "", "base64").toString("utf8");
  return {
    name: field("name") || secret.metadata.name,
    server: field("server"),
    project: field("project"),
    secret,
  };
}
