// Chart releases and their values: only what differs from the charts' own. Keys as in istio/istio 1.30.3 manifests/charts.

import type { Path } from "../../../core/index.ts";
import type { ChartRelease, PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { IstioOptions } from "./options.ts";
import { AREA, HUB, NAMESPACE, NODE_NAMESPACE, replicasOf, RESOURCES } from "./surface.ts";
import { tracingProvider } from "./telemetry.ts";

const RUNTIME_DEFAULT = { type: "RuntimeDefault" };

export function istioCharts(
  cluster: PlannedCluster,
  options: IstioOptions,
  path: Path,
): ChartRelease[] {
  const release = (name: string, namespace: string, values: Fields): ChartRelease => {
    const { repository, chart, version } = cluster.versions.chart(name);
    return { name, namespace, area: AREA, repository, chart, version, values, path };
  };
  const ambient = options.mode === "ambient";
  return [
    release("istio-base", NAMESPACE, revisionOf(options, "defaultRevision")),
    release("istiod", NAMESPACE, istiodValues(cluster, options)),
    release("istio-cni", NODE_NAMESPACE, {
      global: { hub: HUB },
      resources: RESOURCES.cni,
      ...(ambient ? { ambient: { enabled: true } } : {}),
    }),
    ...(ambient
      ? [
          release("ztunnel", NODE_NAMESPACE, {
            hub: HUB,
            istioNamespace: NAMESPACE,
            resources: RESOURCES.ztunnel,
          }),
        ]
      : []),
  ];
}

function revisionOf({ revision }: IstioOptions, key: string): Fields {
  return revision === "default" ? {} : { [key]: revision };
}

function istiodValues(cluster: PlannedCluster, options: IstioOptions): Fields {
  const replicas = replicasOf(cluster);
  const ambient = options.mode === "ambient";
  const tracing = tracingProvider(cluster);
  return {
    ...revisionOf(options, "revision"),
    // The number is part of the plan; an autoscaler would own it.
    autoscaleEnabled: false,
    replicaCount: replicas,
    resources: RESOURCES.istiod,
    seccompProfile: RUNTIME_DEFAULT,
    cni: { enabled: true },
    ...(ambient
      ? { env: { PILOT_ENABLE_AMBIENT: "true" }, trustedZtunnelNamespace: NODE_NAMESPACE }
      : // A classic sidecar would keep every Job from completing.
        { env: { ENABLE_NATIVE_SIDECARS: "true" } }),
    meshConfig: {
      // A port nobody planned is refused on the way out, too.
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      ...(ambient ? { defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: "true" } } } : {}),
      ...(tracing === undefined ? {} : { extensionProviders: [tracing] }),
    },
    global: {
      hub: HUB,
      defaultPodDisruptionBudget: { enabled: replicas > 1 },
      proxy: { resources: options.sidecar, seccompProfile: RUNTIME_DEFAULT },
    },
  };
}
