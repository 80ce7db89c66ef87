// Writes the addresses of the controller's Service into the Ingresses of its class. Mirrors internal/ingress/status of
// ingress-nginx controller-v1.15.1 (`--publish-service`).

import { deepEqual } from "../../../../core/index.ts";
import type { ControllerFactory, KubernetesObject } from "../../../../kubernetes/index.ts";
import {
  INGRESS,
  INGRESS_CLASS,
  isOurs,
  SERVICE,
  type Ingress,
  type IngressClass,
} from "./resources.ts";

export function ingressStatusController(published: {
  readonly namespace: string;
  readonly name: string;
}): ControllerFactory {
  return ({ api, informer }) => {
    const ingresses = informer(INGRESS);
    const classes = informer(INGRESS_CLASS);
    const services = informer(SERVICE);
    return {
      name: "ingress-status",
      setup(enqueue) {
        const all = (): void => ingresses.list().forEach((ingress) => enqueue(keyOf(ingress)));
        ingresses.onChange((current) => current && enqueue(keyOf(current)));
        classes.onChange(all);
        services.onChange((current, old) => {
          const { metadata } = current ?? old ?? {};
          if (metadata?.name === published.name && metadata.namespace === published.namespace)
            all();
        });
      },
      async reconcile(key) {
        const [namespace = "", name = ""] = key.split("/");
        const ingress = ingresses.get(name, namespace) as Ingress | undefined;
        if (ingress === undefined || !isOurs(ingress, classes.list() as readonly IngressClass[]))
          return;
        const addresses = addressesOf(services.get(published.name, published.namespace));
        if (deepEqual(ingress.status?.loadBalancer?.ingress ?? [], addresses)) return;
        const body = { status: { loadBalancer: { ingress: addresses } } };
        await api.patch(
          { ...INGRESS, name, namespace },
          { type: "merge", body },
          { subresource: "status" },
        );
      },
    };
  };
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace}/${metadata.name}`;

/** The load balancer's addresses, or the cluster address of a Service without one. */
function addressesOf(service: KubernetesObject | undefined): readonly unknown[] {
  const { spec, status } = (service ?? {}) as {
    readonly spec?: { readonly type?: string; readonly clusterIP?: string };
    readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly AddressedBy[] } };
  };
  const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
    ip === undefined ? { hostname } : { ip },
  );
  if (given.length > 0 || spec?.type === "LoadBalancer" || spec?.clusterIP === undefined)
    return given;
  return [{ ip: spec.clusterIP }];
}

interface AddressedBy {
  readonly ip?: string;
  readonly hostname?: string;
}
