// An Ingress for every name from outside, beside its backend.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedRoute } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";

export function ingressOf(platform: string, route: PlannedRoute, tls: boolean): KubernetesObject {
  const backend = { service: { name: route.service, port: { number: route.servicePort } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: route.name,
      namespace: route.namespace,
      labels: systemLabels(platform, route.name, "route"),
    },
    spec: {
      ingressClassName: "nginx",
      // Without a secret of its own a host gets the controller's default certificate, and HTTP is redirected to it.
      ...(tls ? { tls: [{ hosts: [route.hostname] }] } : {}),
      rules: [
        {
          host: route.hostname,
          http: { paths: route.paths.map((path) => ({ path, pathType: "Prefix", backend })) },
        },
      ],
    },
  };
}
