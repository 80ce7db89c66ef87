// The three files two programs read: what is scraped, what is judged, and who is told. Keys as documented at
// prometheus.io/docs/prometheus/latest/configuration and prometheus.io/docs/alerting/latest/configuration. JSON is YAML.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { ScrapeTarget } from "../../monitoring/scrape-targets.ts";
import type { MetricsStoreOptions } from "../store-options.ts";

export const RULES_FILE = "rules.yml";
export const SCRAPE_FILE = "prometheus.yml";
export const ALERTS_FILE = "alertmanager.yml";

export function prometheusConfiguration(
  { platform, target }: Pick<PlannedCluster, "platform" | "target">,
  targets: readonly ScrapeTarget[],
  { remoteWrite }: MetricsStoreOptions,
  alertmanager: string,
): string {
  return text({
    global: {
      scrape_interval: "30s",
      evaluation_interval: "30s",
      external_labels: { platform, cluster: target },
    },
    // Beside this file.
    rule_files: [RULES_FILE],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: targets.map(scrapeJob),
    ...(remoteWrite === undefined
      ? {}
      : { remote_write: [{ url: `https://${remoteWrite.host}${remoteWrite.path}` }] }),
  });
}

function scrapeJob({ workload, metrics }: ScrapeTarget): Fields {
  const { namespace, name, labels } = workload;
  const label = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  return {
    job_name: `${namespace}/${name}`,
    metrics_path: metrics.path,
    ...(metrics.scheme === undefined
      ? {}
      : { scheme: metrics.scheme, tls_config: { insecure_skip_verify: true } }),
    kubernetes_sd_configs: [
      {
        role: "pod",
        namespaces: { names: [namespace] },
        selectors: [{ role: "pod", label }],
      },
    ],
    relabel_configs: [
      {
        action: "drop",
        source_labels: ["__meta_kubernetes_pod_phase"],
        regex: "Pending|Succeeded|Failed|Unknown",
      },
      // A pod is found once for each port of its containers: all of them become the one that has the metrics.
      {
        source_labels: ["__meta_kubernetes_pod_ip"],
        target_label: "__address__",
        replacement: `$1:${metrics.port}`,
      },
      { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
      { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
    ],
  };
}

export function alertRules({ alerts }: Pick<PlannedCluster, "alerts">): string {
  const rules = alerts.map(({ name, expression, holds, severity, summary, runbook }) => ({
    alert: name,
    expr: expression,
    for: holds,
    labels: { severity },
    annotations: { summary, runbook_url: runbook },
  }));
  return text({ groups: rules.length === 0 ? [] : [{ name: "platform", rules }] });
}

/** Alerts are grouped and kept; receivers are a person's to add, and nobody is told before that. */
export function alertmanagerConfiguration(): string {
  return text({
    route: { receiver: "nobody", group_by: ["alertname", "namespace"], repeat_interval: "4h" },
    receivers: [{ name: "nobody" }],
  });
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
