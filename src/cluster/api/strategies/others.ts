// How the smaller groups deviate. Mirrors the strategy.go of each under kubernetes pkg/registry.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { HORIZONTAL_POD_AUTOSCALER } from "../defaults/autoscaling.ts";
import { ENDPOINT_SLICE, INGRESS_CLASS, NETWORK_POLICY } from "../defaults/networking.ts";
import {
  ADMISSION_POLICY,
  ADMISSION_POLICY_BINDING,
  CSI_DRIVER,
  FLOW_SCHEMA,
  MUTATING_WEBHOOKS,
  PRIORITY_CLASS,
  PRIORITY_LEVEL,
  ROLE_BINDING,
  STORAGE_CLASS,
  VALIDATING_WEBHOOKS,
} from "../defaults/others.ts";
import type { Strategy } from "../strategy.ts";
import {
  validateIngressClass,
  validateIngressClassUpdate,
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateStorageClass,
  validateStorageClassUpdate,
} from "../validation/classes.ts";
import {
  validateAutoscalerStatus,
  validateAutoscalerUpdate,
  validateNewAutoscaler,
} from "../validation/autoscalers.ts";
import { validateCsiDriver, validateCsiDriverUpdate } from "../validation/csi-drivers.ts";
import { validateCsiNodeUpdate, validateNewCsiNode } from "../validation/csi-nodes.ts";
import {
  validateBudgetStatus,
  validateBudgetUpdate,
  validateNewBudget,
} from "../validation/disruption-budgets.ts";
import {
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from "../validation/endpoint-slices.ts";
import { validateFlowSchema, validateFlowStatus } from "../validation/flow-schemas.ts";
import { validateIngress, validateIngressClassAnnotation } from "../validation/ingresses.ts";
import { validateLease, withoutElection } from "../validation/leases.ts";
import { validateNewPolicy, validatePolicyUpdate } from "../validation/network-policies.ts";
import { validatePriorityLevel } from "../validation/priority-levels.ts";
import {
  validateBindingUpdate,
  validateClusterRole,
  validateClusterRoleBinding,
  validateRole,
  validateRoleBinding,
} from "../validation/rbac.ts";
import { validateRuntimeClass, validateRuntimeClassUpdate } from "../validation/runtime-classes.ts";
import {
  validateIpAddress,
  validateIpAddressUpdate,
  validateServiceCidr,
  validateServiceCidrUpdate,
} from "../validation/service-ranges.ts";
import { validateCapacityUpdate, validateNewCapacity } from "../validation/storage-capacities.ts";
import {
  validateAttachmentUpdate,
  validateNewAttachment,
} from "../validation/volume-attachments.ts";
import { SIGNING_REQUEST } from "./certificates.ts";
import { DEFINITION_STRATEGY } from "./definitions.ts";
import {
  validateMutatingBinding,
  validateMutatingPolicy,
  validateValidatingBinding,
  validateValidatingPolicy,
} from "../validation/admission/policies.ts";
import { validateWebhooks } from "../validation/admission/webhooks.ts";

const RBAC: Partial<Strategy> = { nameRule: "path-segment", createOnUpdate: true };
const RBAC_ROLE: Partial<Strategy> = { ...RBAC, canonicalize: withNullRules };
const RBAC_BINDING: Partial<Strategy> = {
  ...RBAC,
  defaults: ROLE_BINDING,
  validateUpdate: validateBindingUpdate,
};
const GENERATION: Partial<Strategy> = { generation: "spec" };

export const OTHER_STRATEGIES: Readonly<Record<string, Partial<Strategy>>> = {
  "rbac.authorization.k8s.io/roles": { ...RBAC_ROLE, validate: validateRole },
  "rbac.authorization.k8s.io/clusterroles": { ...RBAC_ROLE, validate: validateClusterRole },
  "rbac.authorization.k8s.io/rolebindings": { ...RBAC_BINDING, validate: validateRoleBinding },
  "rbac.authorization.k8s.io/clusterrolebindings": {
    ...RBAC_BINDING,
    validate: validateClusterRoleBinding,
  },
  "certificates.k8s.io/certificatesigningrequests": SIGNING_REQUEST,
  "coordination.k8s.io/leases": {
    createOnUpdate: true,
    prepareForCreate: withoutElection,
    prepareForUpdate: withoutElection,
    validate: validateLease,
  },
  "networking.k8s.io/networkpolicies": {
    ...GENERATION,
    defaults: NETWORK_POLICY,
    validateCreate: validateNewPolicy,
    validateUpdate: validatePolicyUpdate,
  },
  "networking.k8s.io/ingresses": {
    ...GENERATION,
    validate: validateIngress,
    validateCreate: validateIngressClassAnnotation,
  },
  "networking.k8s.io/servicecidrs": {
    validate: validateServiceCidr,
    validateUpdate: validateServiceCidrUpdate,
  },
  "networking.k8s.io/ipaddresses": {
    nameRule: "path-segment",
    validate: validateIpAddress,
    validateUpdate: validateIpAddressUpdate,
  },
  "networking.k8s.io/ingressclasses": {
    ...GENERATION,
    defaults: INGRESS_CLASS,
    validateCreate: validateIngressClass,
    validateUpdate: validateIngressClassUpdate,
  },
  "discovery.k8s.io/endpointslices": {
    ...GENERATION,
    defaults: ENDPOINT_SLICE,
    canonicalize: withNullLists,
    validateCreate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
  },
  "node.k8s.io/runtimeclasses": {
    validate: validateRuntimeClass,
    validateUpdate: validateRuntimeClassUpdate,
  },
  "policy/poddisruptionbudgets": {
    ...GENERATION,
    validateCreate: validateNewBudget,
    validateUpdate: validateBudgetUpdate,
    validateStatus: validateBudgetStatus,
  },
  "autoscaling/horizontalpodautoscalers": {
    defaults: HORIZONTAL_POD_AUTOSCALER,
    prepareForCreate: (autoscaler) => ({
      ...autoscaler,
      status: { desiredReplicas: 0, currentMetrics: null },
    }),
    validateCreate: validateNewAutoscaler,
    validateUpdate: validateAutoscalerUpdate,
    validateStatus: validateAutoscalerStatus,
    canonicalize: withNullMetrics,
  },
  "storage.k8s.io/storageclasses": {
    defaults: STORAGE_CLASS,
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  },
  "storage.k8s.io/csidrivers": {
    defaults: CSI_DRIVER,
    validate: validateCsiDriver,
    validateUpdate: validateCsiDriverUpdate,
  },
  "storage.k8s.io/csinodes": {
    validateCreate: validateNewCsiNode,
    validateUpdate: validateCsiNodeUpdate,
  },
  "storage.k8s.io/volumeattachments": {
    validateCreate: validateNewAttachment,
    validateUpdate: validateAttachmentUpdate,
    validateStatus: validateAttachmentUpdate,
  },
  "storage.k8s.io/csistoragecapacities": {
    validateCreate: validateNewCapacity,
    validateUpdate: validateCapacityUpdate,
  },
  "scheduling.k8s.io/priorityclasses": {
    ...GENERATION,
    defaults: PRIORITY_CLASS,
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
  },
  "admissionregistration.k8s.io/validatingwebhookconfigurations": {
    ...GENERATION,
    defaults: VALIDATING_WEBHOOKS,
    validateExpressions: validateWebhooks,
  },
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": {
    ...GENERATION,
    defaults: MUTATING_WEBHOOKS,
    validateExpressions: validateWebhooks,
  },
  "admissionregistration.k8s.io/validatingadmissionpolicies": {
    ...GENERATION,
    defaults: ADMISSION_POLICY,
    validateExpressions: validateValidatingPolicy,
  },
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": {
    ...GENERATION,
    defaults: ADMISSION_POLICY_BINDING,
    validate: validateValidatingBinding,
  },
  "admissionregistration.k8s.io/mutatingadmissionpolicies": {
    ...GENERATION,
    defaults: ADMISSION_POLICY,
    validateExpressions: validateMutatingPolicy,
  },
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings": {
    ...GENERATION,
    defaults: ADMISSION_POLICY_BINDING,
    validate: validateMutatingBinding,
  },
  "flowcontrol.apiserver.k8s.io/flowschemas": {
    ...GENERATION,
    defaults: FLOW_SCHEMA,
    validate: validateFlowSchema,
    validateStatus: validateFlowStatus,
  },
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": {
    ...GENERATION,
    defaults: PRIORITY_LEVEL,
    validate: validatePriorityLevel,
    validateStatus: validateFlowStatus,
  },
  "apiextensions.k8s.io/customresourcedefinitions": DEFINITION_STRATEGY,
};

/** Go writes these two lists even when nobody set them. */
function withNullLists(slice: KubernetesObject): KubernetesObject {
  if (slice["endpoints"] !== undefined && slice["ports"] !== undefined) return slice;
  return { ...slice, endpoints: slice["endpoints"] ?? null, ports: slice["ports"] ?? null };
}

/** Likewise for the rules of a role that has none. */
function withNullRules(role: KubernetesObject): KubernetesObject {
  const { rules } = role;
  return Array.isArray(rules) && rules.length > 0 ? role : { ...role, rules: null };
}

/** Likewise for what an autoscaler has measured. */
function withNullMetrics(autoscaler: KubernetesObject): KubernetesObject {
  const { status } = autoscaler;
  if (!isRecord(status) || status["currentMetrics"] !== undefined) return autoscaler;
  return { ...autoscaler, status: { ...status, currentMetrics: null } };
}
