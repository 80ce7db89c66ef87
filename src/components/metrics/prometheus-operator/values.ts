// Values of kube-prometheus-stack 88.5.3: only what differs from its own.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { NODE_EXPORTER_NAMESPACE } from "../../monitoring/node-exporter.ts";
import type { MetricsStoreOptions } from "../store-options.ts";
import { alertmanagerReplicas, RELEASE, RESOURCES } from "./surface.ts";

export function prometheusOperatorValues(
  { platform, target, scale }: PlannedCluster,
  options: MetricsStoreOptions,
): Fields {
  return {
    fullnameOverride: RELEASE,
    cleanPrometheusOperatorObjectNames: true,
    // Managed control planes show these to nobody, and no flow of the graph leads there.
    kubeControllerManager: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeProxy: { enabled: false },
    coreDns: { enabled: false },
    // Its own slot installs Grafana.
    grafana: { enabled: false },
    prometheusOperator: {
      resources: RESOURCES.operator,
      // The hooks that make their certificate would be two more jobs; the API server's schema checks monitors already.
      admissionWebhooks: { enabled: false },
      tls: { enabled: true },
      prometheusConfigReloader: { resources: RESOURCES.reloader },
    },
    prometheus: {
      prometheusSpec: {
        replicas: options.replicas,
        retention: options.retention,
        externalLabels: { platform, cluster: target },
        resources: RESOURCES.prometheus,
        ...storageSpec(options),
        ...remoteWriteSpec(options),
      },
    },
    alertmanager: {
      alertmanagerSpec: {
        replicas: alertmanagerReplicas(scale),
        resources: RESOURCES.alertmanager,
      },
    },
    "kube-state-metrics": { resources: RESOURCES.stateMetrics },
    "prometheus-node-exporter": {
      namespaceOverride: NODE_EXPORTER_NAMESPACE,
      resources: RESOURCES.nodeExporter,
    },
  };
}

function storageSpec({ storage, storageClass }: MetricsStoreOptions): Fields {
  if (storage === undefined || storage === false) return {};
  return {
    storageSpec: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          resources: { requests: { storage } },
        },
      },
    },
  };
}

function remoteWriteSpec({ remoteWrite }: MetricsStoreOptions): Fields {
  if (remoteWrite === undefined) return {};
  return { remoteWrite: [{ url: `https://${remoteWrite.host}${remoteWrite.path}` }] };
}
