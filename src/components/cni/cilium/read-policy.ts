// A CiliumNetworkPolicy as the NetworkPolicy with the same verdict about pods, addresses and ports: what the checks reckon with. Names
// are anywhere outside, since a name may answer with any address; requests are left out.

import { isRecord } from "../../../core/index.ts";
import type {
  KubernetesObject,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
} from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { LINK_LOCAL, outside } from "../../isolation/network-policies/peer.ts";
import { NAMESPACE_NAME_LABEL } from "../../manifests/index.ts";

type Labels = Readonly<Record<string, string>>;

/** As `named-policies.ts` writes them; a namespace's label stands among those of the pods. */
interface NamedRule {
  readonly fromEndpoints?: readonly { readonly matchLabels?: Labels }[];
  readonly toEndpoints?: readonly { readonly matchLabels?: Labels }[];
  readonly toFQDNs?: readonly object[];
  readonly toPorts?: readonly {
    readonly ports: readonly { readonly port: string; readonly protocol: "TCP" | "UDP" }[];
  }[];
}

export function readNamedPolicy(
  { metadata, spec }: KubernetesObject,
  cluster: Pick<PlannedCluster, "network">,
): NetworkPolicy {
  const fields = isRecord(spec) ? spec : {};
  const rules = (key: "ingress" | "egress"): NetworkPolicyRule[] =>
    ((fields[key] ?? []) as readonly NamedRule[]).map((rule) => ruleOf(rule, cluster));
  const directions = (["ingress", "egress"] as const)
    .filter((key) => fields[key] !== undefined)
    .map((key) => (key === "ingress" ? ("Ingress" as const) : ("Egress" as const)));
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    podSelector: (fields["endpointSelector"] ?? {}) as NetworkPolicy["podSelector"],
    directions,
    ingress: rules("ingress"),
    egress: rules("egress"),
  };
}

function ruleOf(
  { fromEndpoints = [], toEndpoints = [], toFQDNs = [], toPorts = [] }: NamedRule,
  cluster: Pick<PlannedCluster, "network">,
): NetworkPolicyRule {
  const pods = [...fromEndpoints, ...toEndpoints].map(({ matchLabels = {} }) =>
    peerOf(matchLabels),
  );
  const names = toFQDNs.length === 0 ? [] : [outside(cluster, [LINK_LOCAL])];
  return {
    peers: [...pods, ...names],
    ports: toPorts.flatMap(({ ports }) =>
      ports.map(({ port, protocol }) => ({ port: Number(port), protocol })),
    ),
  };
}

function peerOf({
  "k8s:io.kubernetes.pod.namespace": namespace = "",
  ...labels
}: Labels): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
    podSelector: { matchLabels: labels },
  };
}
