// Container images we run without a chart, or pin apart from one.

import type { CatalogueEntry } from "./entry.ts";

export interface ImageFacts extends CatalogueEntry {
  /** With registry, without tag. */
  readonly repository: string;
  readonly tag: string;
}

export const IMAGES: Readonly<Record<string, ImageFacts>> = {
  postgres: {
    repository: "docker.io/library/postgres",
    tag: "18.6",
    source: "endoflife.date/postgresql; tag form: docker-library/postgres",
    date: "2026-08-11",
    endOfLife: "2030-11-14",
  },
  "cnpg-postgresql": {
    repository: "ghcr.io/cloudnative-pg/postgresql",
    tag: "18.6-system-trixie",
    source: "cloudnative-pg/cloudnative-pg pkg/versions/versions.go, DefaultImageName",
    date: "2026-08-11",
    endOfLife: "2030-11-14",
  },
  "strimzi-kafka": {
    repository: "quay.io/strimzi/kafka",
    tag: "1.2.0-kafka-4.3.1",
    source: "strimzi/strimzi-kafka-operator 1.2.0 (Kafka 4.3.1)",
    date: "2026-08-18",
  },
  mongodb: {
    repository: "docker.io/library/mongo",
    tag: "8.0.29",
    source: "endoflife.date/mongodb; tag form: docker-library/mongo",
    date: "2026-08-22",
    endOfLife: "2029-10-31",
    note: "SSPL",
  },
  mysql: {
    repository: "docker.io/library/mysql",
    tag: "8.4.9",
    source: "mysql/mysql-operator 8.4.9-2.1.11; tag form: docker-library/mysql",
    date: "2026-04-24",
    endOfLife: "2032-04-30",
  },
  "argo-rollouts-gateway-api": {
    repository: "ghcr.io/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi",
    tag: "v0.15.0",
    source: "argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi v0.15.0, docs/installation.md",
    date: "2026-06-26",
  },
  envoy: {
    repository: "docker.io/envoyproxy/envoy",
    tag: "distroless-v1.39.0",
    source: "envoyproxy/gateway v1.9.0 api/v1alpha1/shared_types.go",
    date: "2026-08-15",
  },
  redis: {
    repository: "quay.io/opstree/redis",
    tag: "v7.0.15",
    source: "OT-CONTAINER-KIT/redis-operator charts/redis-replication/values.yaml",
    date: "2026-08-22",
    note: "what the operator's own charts run; Redis 7.0 has no fixes any more",
  },
  "redis-sentinel": {
    repository: "quay.io/opstree/redis-sentinel",
    tag: "v7.0.15",
    source: "OT-CONTAINER-KIT/redis-operator charts/redis-replication/values.yaml",
    date: "2026-08-22",
    note: "as redis",
  },
  valkey: {
    repository: "docker.io/valkey/valkey",
    tag: "9.1.1",
    source: "endoflife.date/valkey; tag form: valkey-io/valkey-container",
    date: "2026-07-21",
  },
  elasticmq: {
    repository: "docker.io/softwaremill/elasticmq-native",
    tag: "1.7.1",
    source: "softwaremill/elasticmq v1.7.1",
    date: "2026-04-05",
    note: "one node, in memory: for development and tests",
  },
  "elasticmq-ui": {
    repository: "docker.io/softwaremill/elasticmq-ui",
    tag: "1.7.1",
    source: "softwaremill/elasticmq v1.7.1",
    date: "2026-04-05",
  },
  distribution: {
    repository: "docker.io/library/registry",
    tag: "3.1.1",
    source: "distribution/distribution v3.1.1",
    date: "2026-05-01",
  },
  seaweedfs: {
    repository: "docker.io/chrislusf/seaweedfs",
    tag: "4.44",
    source: "seaweedfs/seaweedfs 4.44",
    date: "2026-08-22",
  },
  minio: {
    repository: "quay.io/minio/minio",
    tag: "RELEASE.2025-09-07T16-13-09Z",
    source: "minio/minio; releases after it are source only",
    date: "2025-10-15",
    endOfLife: "2026-02-12",
    note: "no longer maintained upstream",
  },
  rclone: {
    repository: "docker.io/rclone/rclone",
    tag: "1.75.1",
    source: "rclone/rclone v1.75.1",
    date: "2026-09-04",
  },
  keycloak: {
    repository: "quay.io/keycloak/keycloak",
    tag: "26.7.2",
    source: "keycloak/keycloak 26.7.2",
    date: "2026-08-19",
    note: "only the newest minor version is fixed; 26.8 exists",
  },
  "tigera-operator": {
    repository: "quay.io/tigera/operator",
    tag: "v1.42.3",
    source: "projectcalico/calico v3.32.1 manifests/tigera-operator.yaml",
    date: "2026-06-24",
  },
  prometheus: {
    repository: "quay.io/prometheus/prometheus",
    tag: "v3.14.0-distroless",
    source: "prometheus-community/helm-charts kube-prometheus-stack-88.5.3 values.yaml",
    date: "2026-08-17",
  },
  alertmanager: {
    repository: "quay.io/prometheus/alertmanager",
    tag: "v0.34.0",
    source: "prometheus-community/helm-charts kube-prometheus-stack-88.5.3 values.yaml",
    date: "2026-08-16",
  },
  loki: {
    repository: "docker.io/grafana/loki",
    tag: "3.7.6",
    source: "grafana/loki v3.7.6",
    date: "2026-08-05",
  },
  "otel-collector": {
    repository: "docker.io/otel/opentelemetry-collector-k8s",
    tag: "0.158.0",
    source: "open-telemetry/opentelemetry-helm-charts charts/opentelemetry-collector 0.170.0",
    date: "2026-08-20",
  },
  "velero-plugin-for-aws": {
    repository: "docker.io/velero/velero-plugin-for-aws",
    tag: "v1.14.1",
    source: "velero-io/velero-plugin-for-aws v1.14.1; its README: v1.14.x goes with Velero v1.18.x",
    date: "2026-06-25",
  },
  jaeger: {
    repository: "docker.io/jaegertracing/jaeger",
    tag: "2.20.0",
    source: "jaegertracing/jaeger v2.20.0",
    date: "2026-07-19",
  },
  "sealed-secrets-controller": {
    repository: "docker.io/bitnami/sealed-secrets-controller",
    tag: "0.36.4",
    source:
      "bitnami-labs/sealed-secrets v0.36.4; 0.36.5 and 0.36.6 are marked incomplete in their release notes",
    date: "2026-04-09",
  },
};
