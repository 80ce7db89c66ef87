// A served cluster with one namespace, and what its tests send there.

import { startServedCluster } from "./served-cluster.ts";
import type { ServedCluster } from "./served-cluster.ts";

export const NAMESPACE = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
export const CONFIG_MAPS = "/api/v1/namespaces/shop/configmaps";
export const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

export function configMap(name: string, data: Readonly<Record<string, string>> = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

export async function startShop(): Promise<ServedCluster> {
  const cluster = await startServedCluster();
  await cluster.send("POST", "/api/v1/namespaces", NAMESPACE);
  return cluster;
}
