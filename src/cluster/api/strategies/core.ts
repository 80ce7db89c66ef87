// How the core group deviates. Mirrors kubernetes pkg/registry/core/*/strategy.go.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import {
  ENDPOINTS,
  LIMIT_RANGE,
  NAMESPACE,
  NODE,
  PERSISTENT_VOLUME,
  POD,
  POD_TEMPLATE_KIND,
  REPLICATION_CONTROLLER,
  SECRET,
} from "../defaults/core.ts";
import { deriveOnce } from "../../store/index.ts";
import type { DeriveOnce } from "../../store/index.ts";
import type { ApiContext } from "../api-context.ts";
import type { Strategy, WriteContext } from "../strategy.ts";
import { timestamp } from "../timestamp.ts";
import {
  validateConfigMap,
  validateConfigMapUpdate,
  validateSecret,
  validateSecretUpdate,
} from "../validation/config.ts";
import { validateEndpointsUpdate, validateNewEndpoints } from "../validation/endpoint-subsets.ts";
import { validateNewNode, validateNodeStatus, validateNodeUpdate } from "../validation/nodes.ts";
import { validatePodResize } from "../validation/pod-resize.ts";
import { validatePodMetadata, validatePodUpdate } from "../validation/pod-updates.ts";
import { validateNewPod, validatePod, validatePodTemplateObject } from "../validation/pods.ts";
import { gatedCondition } from "../validation/pod-gates.ts";
import { recordAt } from "../validation/fields.ts";
import { validateLimitRange } from "../validation/limit-ranges.ts";
import { validateNewVolume, validateVolumeUpdate } from "../validation/persistent-volumes.ts";
import { validateReplicaSetStatus } from "../validation/replica-counts.ts";
import { validateReplicationController } from "../validation/replication-controllers.ts";
import { CLAIM_STRATEGY } from "./claims.ts";
import { SERVICE_STRATEGY } from "./services.ts";
import { validateEvent } from "../validation/events.ts";
import { validateQuota, validateQuotaUpdate } from "../validation/quotas.ts";
import { qosClassOf } from "./pod-qos.ts";

export const CORE_STRATEGIES: Readonly<Record<string, Partial<Strategy>>> = {
  "/pods": {
    generation: "spec",
    defaults: POD,
    prepareForCreate: preparePod,
    prepareForStatus: keepQosClass,
    validate: validatePod,
    validateCreate: validateNewPod,
    validateUpdate: validatePodUpdate,
    validateMetadata: validatePodMetadata,
    parts: { resize: { validate: validatePodResize } },
    gracePeriodSeconds: podGracePeriod,
  },
  "/podtemplates": {
    generation: "spec",
    defaults: POD_TEMPLATE_KIND,
    validate: validatePodTemplateObject,
  },
  "/replicationcontrollers": {
    nameRule: "long-name",
    generation: "spec",
    defaults: REPLICATION_CONTROLLER,
    validate: validateReplicationController,
    validateStatus: validateReplicaSetStatus,
  },
  "/services": SERVICE_STRATEGY,
  "/endpoints": {
    createOnUpdate: true,
    defaults: ENDPOINTS,
    validateCreate: validateNewEndpoints,
    validateUpdate: validateEndpointsUpdate,
  },
  "/events": { createOnUpdate: true, validate: validateEvent },
  "/limitranges": { createOnUpdate: true, defaults: LIMIT_RANGE, validate: validateLimitRange },
  "/resourcequotas": { validate: validateQuota, validateUpdate: validateQuotaUpdate },
  "/configmaps": { validate: validateConfigMap, validateUpdate: validateConfigMapUpdate },
  "/secrets": {
    defaults: SECRET,
    canonicalize: foldStringData,
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
  },
  "/namespaces": {
    nameRule: "label",
    defaults: NAMESPACE,
    prepareForCreate: prepareNamespace,
    prepareForUpdate: keepFinalizers,
  },
  "/nodes": {
    defaults: NODE,
    keepsStatus: true,
    validateCreate: validateNewNode,
    validateUpdate: validateNodeUpdate,
    validateStatus: validateNodeStatus,
  },
  "/persistentvolumeclaims": CLAIM_STRATEGY,
  "/persistentvolumes": {
    defaults: PERSISTENT_VOLUME,
    prepareForCreate: (volume, { api }) => datePhase(withPhase(volume), undefined, api),
    prepareForStatus: (volume, old, { api }) => datePhase(volume, old, api),
    validateCreate: validateNewVolume,
    validateUpdate: validateVolumeUpdate,
  },
};

function preparePod(pod: KubernetesObject, { api }: WriteContext): KubernetesObject {
  const gated = gatedCondition(pod, timestamp(api.clock));
  const pending = statusOnce(recordAt(pod, "spec"), [], () => pendingStatus(pod));
  return { ...pod, status: gated === undefined ? pending : { ...pending, conditions: [gated] } };
}

type PendingStatus = Readonly<Record<"phase" | "qosClass", string>>;

const statusOnce: DeriveOnce<PendingStatus> = deriveOnce();

function pendingStatus(pod: KubernetesObject): PendingStatus {
  return { phase: "Pending", qosClass: qosClassOf(pod) };
}

/** The class of a pod never changes. */
function keepQosClass(pod: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const { qosClass } = recordAt(old, "status");
  const status = recordAt(pod, "status");
  if (qosClass === undefined || status["qosClass"] === qosClass) return pod;
  return { ...pod, status: { ...status, qosClass } };
}

function withPhase(object: KubernetesObject): KubernetesObject {
  return { ...object, status: { phase: "Pending" } };
}

/** Pods nobody runs, or that have ended, go at once. Otherwise what is asked, else what the pod says. */
function podGracePeriod(pod: KubernetesObject, asked: number | undefined): number | undefined {
  const spec = isRecord(pod["spec"]) ? pod["spec"] : {};
  const status = isRecord(pod["status"]) ? pod["status"] : {};
  const wanted = asked ?? Number(spec["terminationGracePeriodSeconds"] ?? 30);
  if (spec["nodeName"] === undefined || spec["nodeName"] === "") return 0;
  if (status["phase"] === "Succeeded" || status["phase"] === "Failed") return 0;
  return wanted < 0 ? 1 : wanted;
}

function foldStringData(secret: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = secret;
  if (!isRecord(stringData)) return secret;
  const data: Record<string, unknown> = { ...(isRecord(rest["data"]) ? rest["data"] : {}) };
  for (const [key, text] of Object.entries(stringData)) {
    data[key] = Buffer.from(String(text), "utf8").toString("base64");
  }
  // Only one field was folded into another; the identity of the object stays.
  return { ...rest, data } as KubernetesObject;
}

/** When a volume's phase changed last. */
function datePhase(
  volume: KubernetesObject,
  old: KubernetesObject | undefined,
  { clock }: ApiContext,
): KubernetesObject {
  const status = recordAt(volume, "status");
  if (old !== undefined && recordAt(old, "status")["phase"] === status["phase"]) return volume;
  return { ...volume, status: { ...status, lastPhaseTransitionTime: timestamp(clock) } };
}

function prepareNamespace(namespace: KubernetesObject): KubernetesObject {
  const spec = isRecord(namespace["spec"]) ? namespace["spec"] : {};
  const given = Array.isArray(spec["finalizers"]) ? spec["finalizers"] : [];
  const finalizers = given.includes("kubernetes") ? given : [...given, "kubernetes"];
  return { ...namespace, spec: { ...spec, finalizers }, status: { phase: "Active" } };
}

/** `spec.finalizers` of a namespace change only through `/finalize`. */
function keepFinalizers(next: KubernetesObject, old: KubernetesObject): KubernetesObject {
  return next["spec"] === old["spec"] ? next : { ...next, spec: old["spec"] };
}
