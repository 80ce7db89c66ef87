// What is the same for every namespace, in Calico's own form, around the NetworkPolicies that say what is allowed (order 1000): before
// them nobody reaches a cloud's metadata service, after them nothing passes. Fields: projectcalico.org/v3 GlobalNetworkPolicy, v3.32.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { NAMESPACE_NAME_LABEL, systemLabels, type Fields } from "../../manifests/index.ts";

const API = "projectcalico.org/v3";
/** Hands out the node's own credentials. */
const METADATA_SERVICE = "169.254.169.254/32";
const BEFORE = 10;
const AFTER = 10_000;

export function globalPolicies({
  platform,
  namespaces,
}: Pick<PlannedCluster, "platform" | "namespaces">): KubernetesObject[] {
  const own = namespaces
    .filter(({ tenancy }) => tenancy !== "system")
    .map(({ name }) => JSON.stringify(name));
  const namespaceSelector = `${NAMESPACE_NAME_LABEL} in { ${own.join(", ")} }`;
  const policy = (name: string, spec: Fields): KubernetesObject => ({
    apiVersion: API,
    kind: "GlobalNetworkPolicy",
    metadata: { name: `${platform}-${name}`, labels: systemLabels(platform, "calico", name) },
    spec: { namespaceSelector, ...spec },
  });
  return [
    policy("metadata-service", {
      order: BEFORE,
      types: ["Egress"],
      // What no rule of a policy matches is judged by the next one.
      egress: [{ action: "Deny", destination: { nets: [METADATA_SERVICE] } }],
    }),
    policy("default-deny", { order: AFTER, types: ["Ingress", "Egress"] }),
  ];
}
