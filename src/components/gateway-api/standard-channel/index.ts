// The CRDs of the Gateway API, standard channel: one owner for the whole cluster, whichever ingress implements them.
// Installed with the chart Envoy Gateway publishes for them, `gateway-crds-helm`, with Envoy's own CRDs left out. Values:
// envoyproxy/gateway charts/gateway-crds-helm/values.yaml.

import { defineSlotFiller, isNeeded } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { standardChannelSchema, type StandardChannelOptions } from "./options.ts";

const AREA = "infrastructure/networking";
const CHART = "gateway-crds-helm";
export const standardChannel = defineSlotFiller<StandardChannelOptions>({
  name: "standard-channel",
  slot: "gatewayApi",
  area: AREA,
  provides: ["gatewayApi"],
  options: standardChannelSchema,
  emit: emitStandardChannel,
  apiGroups: ["gateway.networking.k8s.io"],
  crds: async () => [(await import("../../ingress/gateway-api/crds.facts.ts")).gatewayApiCrdFacts],
});

function emitStandardChannel({ cluster, path }: EmitContext): Emission {
  if (!isNeeded(cluster, "gatewayApi")) return {};
  const { repository, chart, version } = cluster.versions.chart(CHART);
  return {
    charts: [
      {
        name: "gateway-api",
        // Only cluster-scoped objects; a release still needs a home.
        namespace: "kube-system",
        area: AREA,
        repository,
        chart,
        version,
        values: {
          crds: {
            gatewayAPI: { enabled: true, channel: "standard" },
            envoyGateway: { enabled: false },
          },
        },
        path,
      },
    ],
  };
}
