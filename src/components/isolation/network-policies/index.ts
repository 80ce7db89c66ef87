// Default deny with an allowance per flow. Purely a reading of the graph: what is not a flow has no policy, and what has
// no policy is refused. Semantics: Kubernetes documentation, "Network Policies".

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, EmittedObject } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { allowancesOf, namespacesUnderPolicy } from "./allowance.ts";
import { defaultDeny } from "./default-deny.ts";
import { networkPoliciesSchema, type NetworkPoliciesOptions } from "./options.ts";

const AREA = "infrastructure/security";

export const networkPolicies = defineSlotFiller<NetworkPoliciesOptions>({
  name: "network-policies",
  slot: "isolation",
  area: AREA,
  provides: ["isolation"],
  options: networkPoliciesSchema,
  emit: (context) => ({ objects: [...denials(context), ...allowances(context)] }),
});

function denials({ cluster, path }: EmitContext): EmittedObject[] {
  const emitted = emitterFor(AREA, path);
  return namespacesUnderPolicy(cluster).map((namespace) =>
    emitted(defaultDeny(cluster.platform, namespace)),
  );
}

function allowances({ cluster, graph }: EmitContext): EmittedObject[] {
  return graph.flows.flatMap((flow) =>
    allowancesOf(flow, cluster, graph).map(({ object, comment }) =>
      emitterFor(AREA, flow.origin)(object, comment),
    ),
  );
}
