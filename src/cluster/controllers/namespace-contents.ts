// What every namespace is given and gets back when it is deleted: the ServiceAccount `default` and the ConfigMap
// with the cluster's certificate authority. Mirrors pkg/controller/serviceaccount/serviceaccounts_controller.go and
// pkg/controller/certificates/rootcacertpublisher.

import { deepEqual } from "../../core/index.ts";
import { informerOf, isAlreadyExists, isForbidden, isTerminating } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import { CONFIG_MAP, NAMESPACE, SERVICE_ACCOUNT } from "./namespace-kinds.ts";

const DEFAULT_ACCOUNT = "default";
const ROOT_CA = "kube-root-ca.crt";
const ROOT_CA_DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

export function serviceAccountController(context: ControllerContext): Controller {
  const accounts = informerOf(context, SERVICE_ACCOUNT);
  const namespaces = informerOf(context, NAMESPACE);
  return {
    name: "serviceaccount-controller",
    setup(enqueue) {
      namespaces.onChange((current) => current && enqueue(current.metadata.name));
      accounts.onChange((current, old) => {
        const lost = current === undefined && old?.metadata.name === DEFAULT_ACCOUNT;
        if (lost) enqueue(old.metadata.namespace ?? "");
      });
    },
    async reconcile(key) {
      const namespace = namespaces.get(key);
      if (namespace === undefined || isTerminating(namespace)) return;
      if (accounts.get(DEFAULT_ACCOUNT, key) !== undefined) return;
      const metadata = { name: DEFAULT_ACCOUNT, namespace: key };
      await createOnce(context, { ...SERVICE_ACCOUNT, metadata });
    },
  };
}

/** `rootCa` is the PEM text of the authority that signed the API server's certificate. */
export function rootCaController(rootCa: string): ControllerFactory {
  return (context) => {
    const configMaps = informerOf(context, CONFIG_MAP);
    const namespaces = informerOf(context, NAMESPACE);
    const data = { "ca.crt": rootCa };
    return {
      name: "root-ca-certificate-publisher-controller",
      setup(enqueue) {
        namespaces.onChange((current) => current && enqueue(current.metadata.name));
        configMaps.onChange((current, old) => {
          const { name, namespace = "" } = (current ?? old)?.metadata ?? {};
          if (name === ROOT_CA) enqueue(namespace);
        });
      },
      async reconcile(key) {
        const namespace = namespaces.get(key);
        if (namespace === undefined || isTerminating(namespace)) return;
        const existing = configMaps.get(ROOT_CA, key);
        if (existing !== undefined) {
          if (!deepEqual(existing.data, data)) await context.api.update({ ...existing, data });
          return;
        }
        const annotations = { "kubernetes.io/description": ROOT_CA_DESCRIPTION };
        const metadata = { name: ROOT_CA, namespace: key, annotations };
        await createOnce(context, { ...CONFIG_MAP, metadata, data });
      },
    };
  };
}

/** A namespace that began to terminate meanwhile refuses new content; that is fine. */
async function createOnce({ api }: ControllerContext, object: KubernetesObject): Promise<void> {
  try {
    await api.create(object);
  } catch (error) {
    if (!isAlreadyExists(error) && !isForbidden(error)) throw error;
  }
}
