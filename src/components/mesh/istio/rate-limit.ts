// How many requests a replica takes: Envoy's local rate limit before the routing of its own requests, which Istio has no resource of
// its own for. Source: istio.io tasks/policy-enforcement/rate-limit; EnvoyFilter of istio/api networking/v1alpha3.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedApp, PlannedCluster, Workload } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";

const TYPED_STRUCT = "type.googleapis.com/udpa.type.v1.TypedStruct";
const LIMIT = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
const ALL = { numerator: 100, denominator: "HUNDRED" };

/** Absent where nobody asked for one. Scrapes of the same port count as well. */
export function rateLimit(
  { platform }: Pick<PlannedCluster, "platform">,
  app: PlannedApp,
  workload: Pick<Workload, "labels"> | undefined,
): KubernetesObject | undefined {
  const perSecond = app.traffic?.rateLimit?.perSecond;
  if (perSecond === undefined || app.port === undefined || workload === undefined) return undefined;
  return {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    metadata: {
      name: `${app.name}-rate-limit`,
      namespace: app.namespace,
      labels: systemLabels(platform, app.name, "traffic"),
    },
    spec: {
      workloadSelector: { labels: workload.labels },
      configPatches: [
        {
          applyTo: "HTTP_FILTER",
          match: {
            context: "SIDECAR_INBOUND",
            listener: {
              portNumber: app.port,
              filterChain: { filter: { name: "envoy.filters.network.http_connection_manager" } },
            },
          },
          patch: {
            operation: "INSERT_BEFORE",
            value: {
              name: "envoy.filters.http.local_ratelimit",
              typed_config: {
                "@type": TYPED_STRUCT,
                type_url: LIMIT,
                value: {
                  stat_prefix: "http_local_rate_limiter",
                  token_bucket: {
                    max_tokens: perSecond,
                    tokens_per_fill: perSecond,
                    fill_interval: "1s",
                  },
                  filter_enabled: { runtime_key: "local_rate_limit_enabled", default_value: ALL },
                  filter_enforced: { runtime_key: "local_rate_limit_enforced", default_value: ALL },
                },
              },
            },
          },
        },
      ],
    },
  };
}
