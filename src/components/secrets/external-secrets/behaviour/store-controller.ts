// Says whether a store can be read. Mirrors external-secrets pkg/controllers/secretstore/common.go 2.9.0; a store inside the
// cluster has to have a pod that is ready, one outside is taken to be there.

import type { ControllerFactory, Informer, KindRef } from "../../../../kubernetes/index.ts";
import {
  CLUSTER_STORE,
  readyOf,
  retryAfterMs,
  writeReady,
  type ClusterStore,
  type Readiness,
} from "./resources.ts";

const SLICE: KindRef = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
const SERVICE_LABEL = "kubernetes.io/service-name";
/** `name.namespace.svc`, with or without the cluster's domain. */
const SERVICE_HOST = /^(?<service>[^.]+)\.(?<namespace>[^.]+)\.svc(\.cluster\.local)?$/;
/** Vault's provider reads and writes. */
const CAPABILITIES = "ReadWrite";
const VALID: Readiness = { status: "True", reason: "Valid", message: "store validated" };
const NO_CLIENT: Readiness = {
  status: "False",
  reason: "InvalidProviderConfig",
  message: "unable to create client",
};

export const storeController: ControllerFactory = (context) => {
  const stores = context.informer(CLUSTER_STORE);
  const slices = context.informer(SLICE);
  const failures = new Map<string, number>();
  return {
    name: "clustersecretstores",
    setup(enqueue) {
      stores.onChange((current) => current && enqueue(current.metadata.name));
    },
    async reconcile(name) {
      const store = stores.get(name) as ClusterStore | undefined;
      if (store === undefined || store.metadata.deletionTimestamp !== undefined) return;
      const readiness = isReachable(store, slices) ? VALID : NO_CLIENT;
      const isNew = readyOf(store)?.status !== readiness.status;
      if (isNew)
        context.event(
          store,
          readiness === VALID ? "Normal" : "Warning",
          readiness.reason,
          readiness.message,
        );
      await writeReady(context, store, readiness, { capabilities: CAPABILITIES });
      if (readiness === VALID) return void failures.delete(name);
      const failed = failures.get(name) ?? 0;
      failures.set(name, failed + 1);
      return { requeueAfterMs: retryAfterMs(failed) };
    },
  };
};

function isReachable({ spec }: ClusterStore, slices: Informer): boolean {
  const { vault } = spec.provider;
  if (vault === undefined) return true;
  const inside = SERVICE_HOST.exec(new URL(vault.server).hostname)?.groups;
  if (inside === undefined) return true;
  return slices
    .list(inside["namespace"])
    .filter(({ metadata }) => metadata.labels?.[SERVICE_LABEL] === inside["service"])
    .some((slice) => (slice as unknown as Slice).endpoints?.some((one) => one.conditions?.ready));
}

interface Slice {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}
