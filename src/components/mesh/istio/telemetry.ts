// What proxies tell: access logs, and traces where the platform collects them. Metrics need no object: they are merged into
// those of the app. Source: Telemetry of istio/api telemetry/v1; extension providers of mesh/v1alpha1.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import type { IstioOptions } from "./options.ts";
import { NAMESPACE, OTLP_GRPC_PORT } from "./surface.ts";

const TRACES = "traces";

/** Where the platform takes traces, when it does; proxies speak gRPC. */
export function tracingProvider({ offers }: PlannedCluster): Fields | undefined {
  const found = offers.find(
    ({ capability, port }) => capability === "otlp" && port === OTLP_GRPC_PORT,
  );
  if (found === undefined) return undefined;
  const service = new URL(found.url).hostname;
  return { name: TRACES, opentelemetry: { service, port: OTLP_GRPC_PORT } };
}

/** Of the whole mesh; absent when there is nothing to say. */
export function telemetry(
  cluster: PlannedCluster,
  { sampling, accessLogs }: IstioOptions,
): KubernetesObject | undefined {
  const traced = tracingProvider(cluster) !== undefined;
  if (!traced && accessLogs === "none") return undefined;
  return {
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    metadata: {
      name: "mesh-default",
      namespace: NAMESPACE,
      labels: systemLabels(cluster.platform, "istio", "telemetry"),
    },
    spec: {
      ...(accessLogs === "none"
        ? {}
        : {
            accessLogging: [
              {
                providers: [{ name: "envoy" }],
                ...(accessLogs === "errors"
                  ? { filter: { expression: "response.code >= 400" } }
                  : {}),
              },
            ],
          }),
      ...(traced
        ? {
            tracing: [{ providers: [{ name: TRACES }], randomSamplingPercentage: sampling }],
          }
        : {}),
    },
  };
}
