// Every helper a definition may use.

export { bucketMirror, type BucketMirrorInput } from "./backup/bucket-mirror/options.ts";
export { databaseDump, type DatabaseDumpInput } from "./backup/database-dump/options.ts";
export { externalS3, type ExternalS3Input } from "./bucket/external-s3/options.ts";
export { externalRedis, type ExternalRedisInput } from "./cache/external-redis/options.ts";
export { redisOperator, type RedisOperatorInput } from "./cache/redis-operator/options.ts";
export { redisServer, type RedisServerInput } from "./cache/redis-server/options.ts";
export { minio, type MinioInput } from "./bucket/minio/options.ts";
export { seaweedfs, type SeaweedfsInput } from "./bucket/seaweedfs/options.ts";
export {
  externalPostgres,
  type ExternalPostgresInput,
} from "./database/external-postgres/options.ts";
export { cloudnativePg, type CloudnativePgInput } from "./database/cloudnative-pg/options.ts";
export {
  mongodbCommunity,
  type MongodbCommunityInput,
} from "./database/mongodb-community/options.ts";
export { mysqlServer, type MysqlServerInput } from "./database/mysql-server/options.ts";
export { postgresServer, type PostgresServerInput } from "./database/postgres-server/options.ts";
export {
  acme,
  certManager,
  dns01Cloudflare,
  dns01Route53,
  http01,
  privateCa,
  type AcmeInput,
  type CertManagerInput,
} from "./certificates/cert-manager/options.ts";
export { argocd, type ArgocdInput } from "./delivery/argocd/options.ts";
export { flux, type FluxInput } from "./delivery/flux/options.ts";
export { helmPush, type HelmPushInput } from "./delivery/helm-push/options.ts";
export { envoyGateway, type EnvoyGatewayInput } from "./ingress/envoy-gateway/options.ts";
export { ingressNginx, type IngressNginxInput } from "./ingress/ingress-nginx/options.ts";
export {
  nginxGatewayFabric,
  type NginxGatewayFabricInput,
} from "./ingress/nginx-gateway-fabric/options.ts";
export { prometheus, type PrometheusInput } from "./metrics/prometheus/options.ts";
export {
  prometheusOperator,
  type PrometheusOperatorInput,
} from "./metrics/prometheus-operator/options.ts";
export { grafana, type GrafanaInput } from "./dashboards/grafana/options.ts";
export { jaeger, type JaegerInput } from "./traces/jaeger/options.ts";
export { otelCollector, type OtelCollectorInput } from "./telemetry/otel-collector/options.ts";
export { loki, type LokiInput } from "./logs/loki/options.ts";
export { fluentBit, type FluentBitInput } from "./log-shipping/fluent-bit/options.ts";
export { velero, type VeleroInput } from "./backup/velero/options.ts";
export { priorityClasses, type PriorityClassesInput } from "./priority/priority-classes/options.ts";
export { namespaces, type NamespacesInput } from "./tenancy/namespaces/options.ts";
export type { ShippedKinds } from "./kinds.ts";
export { wireguard, type WireguardInput } from "./links/wireguard/options.ts";
export { metallb, type MetallbInput } from "./load-balancer/metallb/options.ts";
export { istioGateway, type IstioGatewayInput } from "./ingress/istio-gateway/options.ts";
export { istio, type IstioInput } from "./mesh/istio/options.ts";
export { linkerd, type LinkerdInput } from "./mesh/linkerd/options.ts";
export { gatekeeper, type GatekeeperInput } from "./policy/gatekeeper/options.ts";
export {
  validatingAdmissionPolicies,
  type ValidatingAdmissionPoliciesInput,
} from "./policy/validating-admission-policies/options.ts";
export { elasticmq, type ElasticmqInput } from "./queue/elasticmq/options.ts";
export { externalSqs, type ExternalSqsInput } from "./queue/external-sqs/options.ts";
export { distribution, type DistributionInput } from "./registry/distribution/options.ts";
export {
  metricsServer,
  type MetricsServerInput,
} from "./resource-metrics/metrics-server/options.ts";
export { argoRollouts, type ArgoRolloutsInput } from "./rollouts/argo-rollouts/options.ts";
export { keda, type KedaInput } from "./event-scaling/keda/options.ts";
export { externalKafka, type ExternalKafkaInput } from "./stream/external-kafka/options.ts";
export { strimzi, type StrimziInput } from "./stream/strimzi/options.ts";
export {
  clusterAutoscaler,
  type ClusterAutoscalerInput,
} from "./node-scaling/cluster-autoscaler/options.ts";
export { karpenter, type KarpenterInput } from "./node-scaling/karpenter/options.ts";
export { falco, type FalcoInput } from "./runtime-security/falco/options.ts";
export { apiAudit, type ApiAuditInput } from "./audit/api-audit/options.ts";
export { cilium, type CiliumInput } from "./cni/cilium/options.ts";
export { calico, type CalicoInput } from "./cni/calico/options.ts";
export { keycloak, type KeycloakInput } from "./identity/keycloak/options.ts";
export { secretsByHand } from "./secrets/by-hand/options.ts";
export { externalSecrets, type ExternalSecretsInput } from "./secrets/external-secrets/options.ts";
export { openbao } from "./secrets/openbao/options.ts";
export { sealedSecrets, type SealedSecretsInput } from "./secrets/sealed-secrets/options.ts";
export { vault } from "./secrets/vault/options.ts";
export { vaultInjector, type VaultInjectorInput } from "./secrets/vault-injector/options.ts";
export {
  awsKms,
  azureKeyVault,
  gcpKms,
  transit,
  type UnsealInput,
  type VaultServerInput,
} from "./secrets/vault-server/options.ts";
export { aws, type AwsOptions } from "./sites/aws/index.ts";
export { azure, type AzureOptions } from "./sites/azure/index.ts";
export { developerMachine } from "./sites/developer-machine/index.ts";
export { digitalocean, type DigitaloceanOptions } from "./sites/digitalocean/index.ts";
export { gcp, type GcpOptions } from "./sites/gcp/index.ts";
export { onPremise, type OnPremiseOptions } from "./sites/on-premise/index.ts";
export { aks, type AksInput } from "./substrates/aks/options.ts";
export { ansibleK3s, type AnsibleK3sInput } from "./substrates/ansible-k3s/options.ts";
export { doks, type DoksInput } from "./substrates/doks/options.ts";
export { eks, type EksInput } from "./substrates/eks/options.ts";
export { existing, type ExistingInput } from "./substrates/existing/options.ts";
export { gke, type GkeInput } from "./substrates/gke/options.ts";
export { k3d, type K3dInput } from "./substrates/k3d/options.ts";
export { talos, type TalosInput } from "./substrates/talos/options.ts";
