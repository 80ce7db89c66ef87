// The values each place of a definition accepts: what the shipped components' helpers return. Literals of the same shape are
// as good; `kind` tells them apart, which is what makes an editor complete the rest.

import type { Kinds, Tagged } from "../model/index.ts";
import type { bucketMirror } from "./backup/bucket-mirror/options.ts";
import type { databaseDump } from "./backup/database-dump/options.ts";
import type { externalS3 } from "./bucket/external-s3/options.ts";
import type { minio } from "./bucket/minio/options.ts";
import type { seaweedfs } from "./bucket/seaweedfs/options.ts";
import type { externalPostgres } from "./database/external-postgres/options.ts";
import type { externalRedis } from "./cache/external-redis/options.ts";
import type { redisOperator } from "./cache/redis-operator/options.ts";
import type { redisServer } from "./cache/redis-server/options.ts";
import type { cloudnativePg } from "./database/cloudnative-pg/options.ts";
import type { mongodbCommunity } from "./database/mongodb-community/options.ts";
import type { mysqlServer } from "./database/mysql-server/options.ts";
import type { postgresServer } from "./database/postgres-server/options.ts";
import type { certManager } from "./certificates/cert-manager/options.ts";
import type { apiAudit } from "./audit/api-audit/options.ts";
import type { calico } from "./cni/calico/options.ts";
import type { cilium } from "./cni/cilium/options.ts";
import type { argocd } from "./delivery/argocd/options.ts";
import type { helmPush } from "./delivery/helm-push/options.ts";
import type { flux } from "./delivery/flux/options.ts";
import type { envoyGateway } from "./ingress/envoy-gateway/options.ts";
import type { ingressNginx } from "./ingress/ingress-nginx/options.ts";
import type { nginxGatewayFabric } from "./ingress/nginx-gateway-fabric/options.ts";
import type { wireguard } from "./links/wireguard/options.ts";
import type { metallb } from "./load-balancer/metallb/options.ts";
import type { istioGateway } from "./ingress/istio-gateway/options.ts";
import type { istio } from "./mesh/istio/options.ts";
import type { linkerd } from "./mesh/linkerd/options.ts";
import type { gatekeeper } from "./policy/gatekeeper/options.ts";
import type { validatingAdmissionPolicies } from "./policy/validating-admission-policies/options.ts";
import type { keycloak } from "./identity/keycloak/options.ts";
import type { priorityClasses } from "./priority/priority-classes/options.ts";
import type { elasticmq } from "./queue/elasticmq/options.ts";
import type { externalSqs } from "./queue/external-sqs/options.ts";
import type { distribution } from "./registry/distribution/options.ts";
import type { argoRollouts } from "./rollouts/argo-rollouts/options.ts";
import type { metricsServer } from "./resource-metrics/metrics-server/options.ts";
import type { clusterAutoscaler } from "./node-scaling/cluster-autoscaler/options.ts";
import type { karpenter } from "./node-scaling/karpenter/options.ts";
import type { keda } from "./event-scaling/keda/options.ts";
import type { externalKafka } from "./stream/external-kafka/options.ts";
import type { strimzi } from "./stream/strimzi/options.ts";
import type { falco } from "./runtime-security/falco/options.ts";
import type { secretsByHand } from "./secrets/by-hand/options.ts";
import type { externalSecrets } from "./secrets/external-secrets/options.ts";
import type { openbao } from "./secrets/openbao/options.ts";
import type { sealedSecrets } from "./secrets/sealed-secrets/options.ts";
import type { vault } from "./secrets/vault/options.ts";
import type { vaultInjector } from "./secrets/vault-injector/options.ts";
import type { aws } from "./sites/aws/index.ts";
import type { azure } from "./sites/azure/index.ts";
import type { developerMachine } from "./sites/developer-machine/index.ts";
import type { digitalocean } from "./sites/digitalocean/index.ts";
import type { gcp } from "./sites/gcp/index.ts";
import type { onPremise } from "./sites/on-premise/index.ts";
import type { aks } from "./substrates/aks/options.ts";
import type { ansibleK3s } from "./substrates/ansible-k3s/options.ts";
import type { doks } from "./substrates/doks/options.ts";
import type { eks } from "./substrates/eks/options.ts";
import type { existing } from "./substrates/existing/options.ts";
import type { gke } from "./substrates/gke/options.ts";
import type { k3d } from "./substrates/k3d/options.ts";
import type { talos } from "./substrates/talos/options.ts";

import type { prometheus } from "./metrics/prometheus/options.ts";
import type { prometheusOperator } from "./metrics/prometheus-operator/options.ts";

import type { grafana } from "./dashboards/grafana/options.ts";

import type { jaeger } from "./traces/jaeger/options.ts";

import type { otelCollector } from "./telemetry/otel-collector/options.ts";

import type { loki } from "./logs/loki/options.ts";

import type { fluentBit } from "./log-shipping/fluent-bit/options.ts";

import type { velero } from "./backup/velero/options.ts";

import type { namespaces } from "./tenancy/namespaces/options.ts";

export interface ShippedKinds extends Kinds {
  sites:
    | ReturnType<typeof developerMachine>
    | ReturnType<typeof aws>
    | ReturnType<typeof gcp>
    | ReturnType<typeof azure>
    | ReturnType<typeof digitalocean>
    | ReturnType<typeof onPremise>;
  links: ReturnType<typeof wireguard>;
  clusters:
    | ReturnType<typeof k3d>
    | ReturnType<typeof eks>
    | ReturnType<typeof gke>
    | ReturnType<typeof aks>
    | ReturnType<typeof doks>
    | ReturnType<typeof talos>
    | ReturnType<typeof ansibleK3s>
    | ReturnType<typeof existing>;
  slots: ShippedSlots;
  providers: ShippedProviders;
}

/** A slot that takes one system has its type, an additive one a record of them; `never` where nothing ships yet. */
export interface ShippedSlots {
  /** Where things live and how much they may use. */
  tenancy: ReturnType<typeof namespaces>;
  /** People's rights on the cluster, from `roles`. `null`: somebody else grants them. */
  access: Tagged<"roles"> | null;
  /** Network policies, from what talks to what. `null`: everybody may talk to everybody. */
  isolation: Tagged<"network-policies"> | null;
  /** Restricted pods. */
  posture: Tagged<"restricted">;
  /** The Gateway API's definitions, where the ingress needs them. `null`: none, for an ingress without. */
  gatewayApi: Tagged<"standard-channel"> | null;
  /** Who goes first where room runs out. `null`: nobody. */
  priority: ReturnType<typeof priorityClasses> | null;
  /** Brings what is in git to the cluster. */
  delivery: ReturnType<typeof argocd | typeof flux | typeof helmPush>;
  /** Enforces network policies, where the substrate does not. */
  cni: ReturnType<typeof calico> | ReturnType<typeof cilium>;
  /** Gives Services addresses, where the cloud does not. */
  loadBalancer: ReturnType<typeof metallb>;
  /** Issues and renews certificates. */
  certificates: ReturnType<typeof certManager>;
  /** Encrypts and authorises traffic between workloads. */
  mesh: ReturnType<typeof istio> | ReturnType<typeof linkerd>;
  /** Lets requests from outside in, by host and path. */
  ingress:
    | ReturnType<typeof istioGateway>
    | ReturnType<typeof nginxGatewayFabric>
    | ReturnType<typeof envoyGateway>
    | ReturnType<typeof ingressNginx>;
  /** Stands before the ingress: DNS, cache, protection. */
  edge: never;
  /** Replaces one version by the next, step by step. */
  rollouts: ReturnType<typeof argoRollouts>;
  /** Holds the platform's own images. */
  registry: ReturnType<typeof distribution>;
  /** Keep secrets, by name; an app's secret says which with `from` where there are several. */
  secrets: Record<
    string,
    ReturnType<
      | typeof sealedSecrets
      | typeof externalSecrets
      | typeof vault
      | typeof vaultInjector
      | typeof secretsByHand
      | typeof openbao
    >
  >;
  /** Who people are: users, groups, tokens. */
  identity: ReturnType<typeof keycloak>;
  /** Keeps who did what on the API, and reads it. */
  audit: ReturnType<typeof apiAudit>;
  /** Refuses objects that break the platform's rules. */
  policy: ReturnType<typeof validatingAdmissionPolicies> | ReturnType<typeof gatekeeper>;
  /** Watches what running containers do. */
  runtimeSecurity: ReturnType<typeof falco>;
  /** Serves the use of CPU and memory to autoscalers and to `kubectl top`. */
  resourceMetrics: ReturnType<typeof metricsServer>;
  /** Scales on queues, requests and other signals. */
  eventScaling: ReturnType<typeof keda>;
  /** Adds and removes nodes. Default: the provider's own, where it has one and pools have room. `null`: nobody. */
  nodeScaling: ReturnType<typeof karpenter> | ReturnType<typeof clusterAutoscaler> | null;
  /** What is copied where and when, by name. */
  backup: Record<
    string,
    ReturnType<typeof velero> | ReturnType<typeof databaseDump> | ReturnType<typeof bucketMirror>
  >;
  /** Collects metrics and judges alerts. */
  metrics: ReturnType<typeof prometheusOperator | typeof prometheus>;
  /** Shows metrics, logs and traces. */
  dashboards: ReturnType<typeof grafana>;
  /** Collects logs. */
  logs: ReturnType<typeof loki>;
  /** Collects traces. */
  traces: ReturnType<typeof jaeger>;
  /** Reads the logs of containers and sends them to who keeps them. */
  logShipping: ReturnType<typeof fluentBit>;
  /** Takes what services tell of themselves and passes it on. */
  telemetry: ReturnType<typeof otelCollector>;
}

/** Default: the first named, a server in the cluster. `never` where nothing ships yet. */
export interface ShippedProviders {
  /** Serves PostgreSQL databases. */
  postgres: ReturnType<typeof postgresServer | typeof externalPostgres | typeof cloudnativePg>;
  /** Serves MySQL databases. */
  mysql: ReturnType<typeof mysqlServer>;
  /** Serves MongoDB databases. */
  mongodb: ReturnType<typeof mongodbCommunity>;
  /** Serves queues. */
  queue: ReturnType<typeof elasticmq> | ReturnType<typeof externalSqs>;
  /** Serves buckets. */
  bucket: ReturnType<typeof seaweedfs> | ReturnType<typeof externalS3> | ReturnType<typeof minio>;
  /** Serves caches. */
  cache:
    | ReturnType<typeof redisServer>
    | ReturnType<typeof redisOperator>
    | ReturnType<typeof externalRedis>;
  /** Serves streams. */
  stream: ReturnType<typeof strimzi> | ReturnType<typeof externalKafka>;
}
