// The built-in controllers of the embedded cluster. Each file names the source it mirrors.

import type { Authorizer, ControllerFactory } from "../../kubernetes/index.ts";
import type { MetricsApis } from "./autoscaling/metrics-client.ts";
import { certificateApprovingController } from "./certificate-approving.ts";
import { certificateCleaner } from "./certificate-cleaner.ts";
import { certificateSigningController, type SignCertificate } from "./certificate-signing.ts";
import { clusterRoleAggregationController } from "./cluster-role-aggregation.ts";
import { cronJobController } from "./cron-job.ts";
import { daemonSetController } from "./daemon-set.ts";
import { deploymentController } from "./deployment.ts";
import { disruptionController } from "./disruption-budget.ts";
import { endpointSliceController } from "./endpoint-slice.ts";
import { endpointSliceMirroringController } from "./endpoint-slice-mirroring.ts";
import { endpointsController } from "./endpoints.ts";
import { eventExpiryController } from "./event-expiry.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { horizontalPodAutoscalerController } from "./horizontal-pod-autoscaler.ts";
import { ipAddressController } from "./ip-addresses.ts";
import { jobController } from "./job.ts";
import { loadBalancerController } from "./load-balancer.ts";
import { namespaceController } from "./namespace.ts";
import { rootCaController, serviceAccountController } from "./namespace-contents.ts";
import { nodeLifecycleController } from "./node-lifecycle.ts";
import { persistentVolumeController } from "./persistent-volume.ts";
import { podGarbageCollector } from "./pod-gc.ts";
import { podResizeController } from "./pod-resize.ts";
import { replicaSetController, replicationController } from "./replica-set.ts";
import { resourceQuotaController } from "./resource-quota.ts";
import { serviceCidrController } from "./service-cidrs.ts";
import { statefulSetController } from "./stateful-set.ts";
import type { StorageClass } from "./storage-kinds.ts";
import { tokenSecrets, type TokenSecretsOptions } from "./token-secrets.ts";
import { taintEvictionController } from "./taint-eviction.ts";
import { volumeExpandController, volumeResizer } from "./volume-expansion.ts";
import { volumeNodeExpansion } from "./volume-node-expansion.ts";
import { claimProtectionController, volumeProtectionController } from "./volume-protection.ts";
import { GENERAL_VOLUME_DELAY, volumeProvisioner, type VolumeDelay } from "./volume-provisioner.ts";

export interface BuiltinControllersOptions {
  /** PEM text of the cluster's certificate authority, published to every namespace. Default: empty, nobody uses TLS. */
  readonly rootCa?: string | undefined;
  /**
   * Addresses for Services of type LoadBalancer: a block, or a first–last range. Absent: Services wait, for MetalLB's
   * behaviour or for ever.
   */
  readonly loadBalancerPool?: string | undefined;
  /** Which classes get simulated volumes; by default those of well-known drivers. */
  readonly provisions?: (storageClass: StorageClass) => boolean;
  /** The APIs autoscalers read; absent: none. */
  readonly metricsApis?: MetricsApis | undefined;
  /** Makes the tokens of Secrets that hold one; absent: such Secrets stay empty. */
  readonly issueToken?: TokenSecretsOptions["issue"] | undefined;
  /** Whom kubelets' requests for certificates are held against; absent: none is approved unasked. */
  readonly authorizer?: Authorizer | undefined;
  /** Issues certificates; absent: approved requests stay without one. */
  readonly signCertificate?: SignCertificate | undefined;
  /** How long a simulated volume takes to appear. */
  readonly volumeDelay?: VolumeDelay | undefined;
}

export function builtinControllers(
  options: BuiltinControllersOptions = {},
): readonly ControllerFactory[] {
  const { rootCa = "", loadBalancerPool, issueToken: issue, authorizer, signCertificate } = options;
  return [
    deploymentController,
    replicaSetController,
    replicationController,
    statefulSetController,
    daemonSetController,
    jobController,
    cronJobController,
    endpointSliceController,
    endpointsController,
    endpointSliceMirroringController,
    horizontalPodAutoscalerController(options.metricsApis),
    disruptionController,
    resourceQuotaController,
    persistentVolumeController,
    volumeProvisioner(options.provisions, options.volumeDelay),
    volumeExpandController,
    volumeResizer(options.volumeDelay ?? GENERAL_VOLUME_DELAY),
    volumeNodeExpansion,
    claimProtectionController,
    volumeProtectionController,
    ...(loadBalancerPool === undefined ? [] : [loadBalancerController(loadBalancerPool)]),
    ipAddressController,
    serviceCidrController,
    nodeLifecycleController,
    taintEvictionController,
    podGarbageCollector,
    podResizeController,
    eventExpiryController,
    namespaceController,
    serviceAccountController,
    rootCaController(rootCa),
    clusterRoleAggregationController,
    ...(issue === undefined ? [] : [tokenSecrets({ rootCa, issue })]),
    ...(authorizer === undefined ? [] : [certificateApprovingController(authorizer)]),
    ...(signCertificate === undefined ? [] : [certificateSigningController(signCertificate)]),
    certificateCleaner,
    garbageCollector,
  ];
}

export { apiServiceAvailability } from "./api-service-availability.ts";
export { policyTypeChecking } from "./policy-type-checking.ts";
export * from "./batch-kinds.ts";
export * from "./namespace-kinds.ts";
export * from "./policy-kinds.ts";
export * from "./service-kinds.ts";
export * from "./storage-kinds.ts";
export type { VolumeDelay } from "./volume-provisioner.ts";
export * from "./workload-kinds.ts";
