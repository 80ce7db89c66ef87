// The registry: every shipped component, one line each. Adding one adds its folder and its line; one that people write by
// name also adds its helper to `definition-helpers.ts` and its type to `kinds.ts`.

import type { KindRef, KubernetesObject } from "../kubernetes/index.ts";
import type {
  MeshDecider,
  MeshTreatment,
  MeshTrust,
  PlannedCluster,
  Registry,
} from "../model/index.ts";
import { roles } from "./access/roles/index.ts";
import { kubernetesWorkload } from "./app/kubernetes-workload/index.ts";
import { bucketMirrorFiller } from "./backup/bucket-mirror/index.ts";
import { databaseDumpFiller } from "./backup/database-dump/index.ts";
import { externalS3Provider } from "./bucket/external-s3/index.ts";
import { minioProvider } from "./bucket/minio/index.ts";
import { seaweedfsProvider } from "./bucket/seaweedfs/index.ts";
import { externalRedisProvider } from "./cache/external-redis/index.ts";
import { redisOperatorProvider } from "./cache/redis-operator/index.ts";
import { redisServerProvider } from "./cache/redis-server/index.ts";
import { externalPostgresProvider } from "./database/external-postgres/index.ts";
import { cloudnativePgProvider } from "./database/cloudnative-pg/index.ts";
import { mongodbCommunityProvider } from "./database/mongodb-community/index.ts";
import { mysqlServerProvider } from "./database/mysql-server/index.ts";
import { postgresServerProvider } from "./database/postgres-server/index.ts";
import { certManagerFiller } from "./certificates/cert-manager/index.ts";
import { argocdFiller } from "./delivery/argocd/index.ts";
import { helmPushFiller } from "./delivery/helm-push/index.ts";
import { fluxFiller } from "./delivery/flux/index.ts";
import { standardChannel } from "./gateway-api/standard-channel/index.ts";
import { envoyGatewayFiller } from "./ingress/envoy-gateway/index.ts";
import { ingressNginxFiller } from "./ingress/ingress-nginx/index.ts";
import { istioGatewayFiller } from "./ingress/istio-gateway/index.ts";
import { nginxGatewayFabricFiller } from "./ingress/nginx-gateway-fabric/index.ts";
import { istioFiller } from "./mesh/istio/index.ts";
import { linkerdFiller } from "./mesh/linkerd/index.ts";
import { networkPolicies } from "./isolation/network-policies/index.ts";
import { wireguardLink } from "./links/wireguard/index.ts";
import { metallbFiller } from "./load-balancer/metallb/index.ts";
import { gatekeeperFiller } from "./policy/gatekeeper/index.ts";
import { validatingAdmissionPoliciesFiller } from "./policy/validating-admission-policies/index.ts";
import { restricted } from "./posture/restricted/index.ts";
import { priorityClassesFiller } from "./priority/priority-classes/index.ts";
import { elasticmqProvider } from "./queue/elasticmq/index.ts";
import { externalSqsProvider } from "./queue/external-sqs/index.ts";
import { distributionFiller } from "./registry/distribution/index.ts";
import { argoRolloutsFiller } from "./rollouts/argo-rollouts/index.ts";
import { metricsServerFiller } from "./resource-metrics/metrics-server/index.ts";
import { kedaFiller } from "./event-scaling/keda/index.ts";
import { clusterAutoscalerFiller } from "./node-scaling/cluster-autoscaler/index.ts";
import { karpenterFiller } from "./node-scaling/karpenter/index.ts";
import { falcoFiller } from "./runtime-security/falco/index.ts";
import { secretsByHandFiller } from "./secrets/by-hand/index.ts";
import { externalSecretsFiller } from "./secrets/external-secrets/index.ts";
import { openbaoFiller } from "./secrets/openbao/index.ts";
import { sealedSecretsFiller } from "./secrets/sealed-secrets/index.ts";
import { vaultFiller } from "./secrets/vault/index.ts";
import { vaultInjectorFiller } from "./secrets/vault-injector/index.ts";
import { awsSite } from "./sites/aws/index.ts";
import { azureSite } from "./sites/azure/index.ts";
import { developerMachineSite } from "./sites/developer-machine/index.ts";
import { digitaloceanSite } from "./sites/digitalocean/index.ts";
import { gcpSite } from "./sites/gcp/index.ts";
import { onPremiseSite } from "./sites/on-premise/index.ts";
import { prometheusFiller } from "./metrics/prometheus/index.ts";
import { prometheusOperatorFiller } from "./metrics/prometheus-operator/index.ts";
import { grafanaFiller } from "./dashboards/grafana/index.ts";
import { jaegerFiller } from "./traces/jaeger/index.ts";
import { otelCollectorFiller } from "./telemetry/otel-collector/index.ts";
import { lokiFiller } from "./logs/loki/index.ts";
import { fluentBitFiller } from "./log-shipping/fluent-bit/index.ts";
import { veleroFiller } from "./backup/velero/index.ts";
import { externalKafkaProvider } from "./stream/external-kafka/index.ts";
import { strimziProvider } from "./stream/strimzi/index.ts";
import { apiAuditFiller } from "./audit/api-audit/index.ts";
import { calicoFiller } from "./cni/calico/index.ts";
import { ciliumFiller } from "./cni/cilium/index.ts";
import { keycloakFiller } from "./identity/keycloak/index.ts";
import { SLOTS } from "./slots.ts";
import { aksSubstrate } from "./substrates/aks/index.ts";
import { ansibleK3sSubstrate } from "./substrates/ansible-k3s/index.ts";
import { doksSubstrate } from "./substrates/doks/index.ts";
import { eksSubstrate } from "./substrates/eks/index.ts";
import { existingSubstrate } from "./substrates/existing/index.ts";
import { gkeSubstrate } from "./substrates/gke/index.ts";
import { k3dSubstrate } from "./substrates/k3d/index.ts";
import { talosSubstrate } from "./substrates/talos/index.ts";
import { namespaces } from "./tenancy/namespaces/index.ts";

export * from "./definition-helpers.ts";
export { compileRule, creationOf, isSubject, rulesOf } from "./policy/rules/index.ts";
export { harden } from "./posture/restricted/index.ts";
export { poolLabels } from "./node-scaling/node-pools.ts";
export { rankedStandIn } from "./priority/priority-classes/charts.ts";

export const registry: Registry = {
  slots: SLOTS,
  components: [
    namespaces,
    roles,
    networkPolicies,
    restricted,
    priorityClassesFiller,
    standardChannel,
    argocdFiller,
    fluxFiller,
    helmPushFiller,
    calicoFiller,
    ciliumFiller,
    metallbFiller,
    certManagerFiller,
    istioFiller,
    linkerdFiller,
    istioGatewayFiller,
    nginxGatewayFabricFiller,
    envoyGatewayFiller,
    ingressNginxFiller,
    argoRolloutsFiller,
    distributionFiller,
    sealedSecretsFiller,
    externalSecretsFiller,
    vaultFiller,
    vaultInjectorFiller,
    secretsByHandFiller,
    openbaoFiller,
    keycloakFiller,
    apiAuditFiller,
    metricsServerFiller,
    kedaFiller,
    karpenterFiller,
    clusterAutoscalerFiller,
    validatingAdmissionPoliciesFiller,
    gatekeeperFiller,
    falcoFiller,
    databaseDumpFiller,
    bucketMirrorFiller,
    prometheusOperatorFiller,
    prometheusFiller,
    grafanaFiller,
    jaegerFiller,
    otelCollectorFiller,
    lokiFiller,
    fluentBitFiller,
    veleroFiller,
    kubernetesWorkload,
    postgresServerProvider,
    externalPostgresProvider,
    cloudnativePgProvider,
    mysqlServerProvider,
    mongodbCommunityProvider,
    elasticmqProvider,
    externalSqsProvider,
    redisServerProvider,
    redisOperatorProvider,
    externalRedisProvider,
    strimziProvider,
    externalKafkaProvider,
    seaweedfsProvider,
    externalS3Provider,
    minioProvider,
    k3dSubstrate,
    eksSubstrate,
    gkeSubstrate,
    aksSubstrate,
    doksSubstrate,
    talosSubstrate,
    ansibleK3sSubstrate,
    existingSubstrate,
    developerMachineSite,
    awsSite,
    gcpSite,
    azureSite,
    digitaloceanSite,
    onPremiseSite,
    wireguardLink,
  ],
};

/** By the mesh of a cluster; absent where there is none. */
export function meshDecider(
  cluster: Pick<PlannedCluster, "slots">,
  objects: readonly KubernetesObject[],
): MeshDecider | undefined {
  return meshOf(cluster)?.filler.decides?.(objects);
}

/** What its proxies do with requests. */
export function meshTreatment(
  cluster: Pick<PlannedCluster, "slots">,
  objects: readonly KubernetesObject[],
): MeshTreatment | undefined {
  const found = meshOf(cluster);
  return found?.filler.treats?.(objects, found.options);
}

/** Whom they believe and by which container a pod is known to have one; absent where pods have none of their own. */
export function meshProxies(
  cluster: Pick<PlannedCluster, "slots">,
): { readonly trust: MeshTrust; readonly container: string } | undefined {
  const { proxyTrust: trust, proxyContainer: container } = meshOf(cluster)?.filler ?? {};
  return trust === undefined || container === undefined ? undefined : { trust, container };
}

/** By which they decide and treat. */
export function meshKinds(cluster: Pick<PlannedCluster, "slots">): readonly KindRef[] {
  return meshOf(cluster)?.filler.proxiesRead ?? [];
}

function meshOf({ slots }: Pick<PlannedCluster, "slots">) {
  const chosen = slots.find(({ provides }) => provides.includes("meshAuthorization"));
  const filler = registry.components.find(
    (one) => one.family === "slot" && one.slot === chosen?.slot && one.name === chosen.component,
  );
  return filler?.family === "slot" ? { filler, options: chosen?.options } : undefined;
}

/** Controls and their evidence, for whoever has to report on them. */
export { controlsOf, type Control } from "./audit/api-audit/compliance.ts";

/** The Sealed Secrets envelope, loaded only by who seals: compiling never needs it. */
export const sealedEnvelope = () => import("./secrets/sealed-secrets/behaviour/envelope.ts");
