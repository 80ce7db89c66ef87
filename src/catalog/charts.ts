// Helm charts: where they are published and which version is pinned by default.

import type { CatalogueEntry } from "./entry.ts";

export interface ChartFacts extends CatalogueEntry {
  /** `https://…` index or `oci://…` registry, without the chart's name. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
}

export const CHARTS: Readonly<Record<string, ChartFacts>> = {
  "argo-cd": {
    repository: "https://argoproj.github.io/argo-helm",
    chart: "argo-cd",
    version: "10.1.1",
    appVersion: "v3.4.4",
    source: "argoproj/argo-helm argo-cd-10.1.1",
    date: "2026-07-02",
    note: "the newest chart read; Argo CD 3.5 exists, and only three minors are supported",
  },
  "nginx-gateway-fabric": {
    repository: "oci://ghcr.io/nginx/charts",
    chart: "nginx-gateway-fabric",
    version: "2.6.7",
    appVersion: "2.6.7",
    source: "nginx/nginx-gateway-fabric v2.6.7",
    date: "2026-07-15",
  },
  "gateway-crds-helm": {
    repository: "oci://docker.io/envoyproxy",
    chart: "gateway-crds-helm",
    version: "v1.9.0",
    appVersion: "v1.9.0",
    source: "envoyproxy/gateway v1.9.0 (Gateway API 1.6.1)",
    date: "2026-08-15",
    endOfLife: "2027-02-14",
  },
  "ingress-nginx": {
    repository: "https://kubernetes.github.io/ingress-nginx",
    chart: "ingress-nginx",
    version: "4.15.1",
    appVersion: "1.15.1",
    source: "kubernetes/ingress-nginx helm-chart-4.15.1, the last one",
    date: "2026-03-19",
    endOfLife: "2026-03-19",
    note: "retired upstream; no fixes, security included",
  },
  metallb: {
    repository: "https://metallb.github.io/metallb",
    chart: "metallb",
    version: "0.16.1",
    appVersion: "v0.16.1",
    source: "metallb/metallb v0.16.1",
    date: "2026-05-27",
  },
  "kube-prometheus-stack": {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "88.5.3",
    appVersion: "v0.93.1",
    source: "prometheus-community/helm-charts kube-prometheus-stack-88.5.3",
    date: "2026-08-21",
  },
  grafana: {
    repository: "https://grafana-community.github.io/helm-charts",
    chart: "grafana",
    version: "12.11.1",
    appVersion: "13.2.0",
    source: "grafana-community/helm-charts charts/grafana 12.11.1",
    date: "2026-08-20",
  },
  "fluent-bit": {
    repository: "https://fluent.github.io/helm-charts",
    chart: "fluent-bit",
    version: "0.58.1",
    appVersion: "5.1.1",
    source: "fluent/helm-charts charts/fluent-bit 0.58.1",
    date: "2026-08-18",
  },
  velero: {
    repository: "https://vmware-tanzu.github.io/helm-charts",
    chart: "velero",
    version: "12.1.0",
    appVersion: "1.18.1",
    source: "vmware-tanzu/helm-charts charts/velero 12.1.0",
    date: "2026-06-25",
  },
  "metrics-server": {
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    chart: "metrics-server",
    version: "3.13.1",
    appVersion: "0.8.1",
    source: "kubernetes-sigs/metrics-server charts/metrics-server 3.13.1",
    date: "2026-08-04",
  },
  "sealed-secrets": {
    repository: "https://bitnami-labs.github.io/sealed-secrets",
    chart: "sealed-secrets",
    version: "2.18.5",
    appVersion: "0.36.6",
    source: "bitnami-labs/sealed-secrets helm-v2.18.5",
    date: "2026-04-22",
    note: "its default image 0.36.6 is an incomplete release; the image is pinned apart",
  },
};
