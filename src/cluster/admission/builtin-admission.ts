// The plug-ins that are on by default in kube-apiserver 1.36 (pkg/kubeapiserver/options/plugins.go); the chain puts them in
// their order.

import type { AdmissionPlugin } from "../../kubernetes/index.ts";
import type { ApiContext } from "../api/index.ts";
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
} from "./certificate-signers.ts";
import { claimResize } from "./claim-resize.ts";
import { defaultIngressClass } from "./default-ingress-class.ts";
import { defaultStorageClass } from "./default-storage-class.ts";
import { defaultTolerations } from "./default-tolerations.ts";
import { limitRanger } from "./limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeRestriction } from "./node-restriction/node-restriction.ts";
import { taintNodesByCondition } from "./node-taints.ts";
import { globalDefaultPriority, podPriority } from "./pod-priority.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { podTopologyLabels } from "./pod-topology-labels.ts";
import { resourceQuota } from "./resource-quota.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccount } from "./service-account/service-account.ts";
import { storageProtection } from "./storage-protection.ts";

export function builtinAdmission(context: ApiContext): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccount({ ...context, rng: context.rng.fork("token-volumes") }),
    nodeRestriction,
    taintNodesByCondition,
    podSecurity,
    podPriority,
    globalDefaultPriority,
    defaultTolerations,
    defaultStorageClass,
    storageProtection,
    claimResize,
    runtimeClass,
    certificateApproval(context.authorizer),
    certificateSigning(context.authorizer),
    certificateSubjectRestriction,
    defaultIngressClass,
    podTopologyLabels,
    resourceQuota(context),
  ];
}
