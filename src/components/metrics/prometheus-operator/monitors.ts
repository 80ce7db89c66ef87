// What the operator reads: a PodMonitor for every scraped workload, one PrometheusRule with the platform's alerts.
// The stack only picks up objects with its release's label (`*SelectorNilUsesHelmValues`).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { MONITORING_NAMESPACE } from "../../monitoring/namespace.ts";
import type { ScrapeTarget } from "../../monitoring/scrape-targets.ts";
import { COMPONENT, RELEASE } from "./surface.ts";

export function podMonitor(
  platform: string,
  { workload, metrics, portName }: ScrapeTarget,
): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      labels: { ...systemLabels(platform, COMPONENT, "monitor"), release: RELEASE },
    },
    spec: {
      selector: { matchLabels: workload.labels },
      podMetricsEndpoints: [
        {
          ...(portName === undefined ? { portNumber: metrics.port } : { port: portName }),
          path: metrics.path,
          ...(metrics.scheme === undefined
            ? {}
            : { scheme: metrics.scheme, tlsConfig: { insecureSkipVerify: true } }),
        },
      ],
    },
  };
}

export function alertRules({ platform, alerts }: PlannedCluster): KubernetesObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: {
      name: "platform",
      namespace: MONITORING_NAMESPACE,
      labels: { ...systemLabels(platform, COMPONENT, "alerts"), release: RELEASE },
    },
    spec: {
      groups: [
        {
          name: "platform",
          rules: alerts.map(({ name, expression, holds, severity, summary, runbook }) => ({
            alert: name,
            expr: expression,
            for: holds,
            labels: { severity },
            annotations: { summary, runbook_url: runbook },
          })),
        },
      ],
    },
  };
}
