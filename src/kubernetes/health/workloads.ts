// Controllers that keep pods running. Mirrors gitops-engine pkg/health/health_{deployment,statefulset,daemonset,replicaset}.go.

import { valueAt } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import { describe } from "./conditions.ts";
import {
  conditionOf,
  count,
  degraded,
  healthy,
  isSet,
  progressing,
  suspended,
  text,
} from "./fields.ts";
import type { Health, HealthRules } from "./rule.ts";

export const WORKLOAD_HEALTH: HealthRules = {
  "apps/Deployment": deploymentHealth,
  "apps/StatefulSet": statefulSetHealth,
  "apps/DaemonSet": daemonSetHealth,
  "apps/ReplicaSet": replicaSetHealth,
};

/** Absent `spec.replicas` means one. */
function wantedReplicas(object: KubernetesObject): number {
  return isSet(object, "spec", "replicas") ? count(object, "spec", "replicas") : 1;
}

function isUnseen(object: KubernetesObject): boolean {
  return count(object, "status", "observedGeneration") < (object.metadata.generation ?? 0);
}

const UNSEEN = "waiting for the controller to see the latest spec";

function deploymentHealth(object: KubernetesObject): Health {
  if (valueAt(object, ["spec", "paused"]) === true) return suspended("deployment is paused");
  if (isUnseen(object)) return progressing(UNSEEN);
  if (conditionOf(object, "Progressing")?.reason === "ProgressDeadlineExceeded") {
    return degraded(`deployment "${object.metadata.name}" exceeded its progress deadline`);
  }
  const wanted = wantedReplicas(object);
  const updated = count(object, "status", "updatedReplicas");
  const total = count(object, "status", "replicas");
  const available = count(object, "status", "availableReplicas");
  if (updated < wanted) return progressing(`${updated} of ${wanted} new replicas are updated`);
  if (total > updated)
    return progressing(`${total - updated} old replicas are pending termination`);
  if (available < updated) {
    return progressing(`${available} of ${updated} updated replicas are available`);
  }
  return healthy();
}

function statefulSetHealth(object: KubernetesObject): Health {
  if (count(object, "status", "observedGeneration") === 0 || isUnseen(object)) {
    return progressing(UNSEEN);
  }
  const wanted = wantedReplicas(object);
  const ready = count(object, "status", "readyReplicas");
  if (ready < wanted) return progressing(`${ready} of ${wanted} pods are ready`);
  if (text(object, "spec", "updateStrategy", "type") === "OnDelete") return healthy();
  const partition = count(object, "spec", "updateStrategy", "rollingUpdate", "partition");
  return partition > 0 ? partitionedRollout(object, wanted - partition) : fullRollout(object);
}

function partitionedRollout(object: KubernetesObject, wanted: number): Health {
  const updated = count(object, "status", "updatedReplicas");
  if (updated >= wanted) return healthy(`partitioned roll-out complete: ${updated} pods updated`);
  return progressing(`partitioned roll-out: ${updated} of ${wanted} pods are updated`);
}

function fullRollout(object: KubernetesObject): Health {
  const target = text(object, "status", "updateRevision");
  if (target === text(object, "status", "currentRevision")) return healthy();
  const updated = count(object, "status", "updatedReplicas");
  return progressing(`rolling update: ${updated} pods are at revision ${target}`);
}

function daemonSetHealth(object: KubernetesObject): Health {
  if (isUnseen(object)) return progressing(UNSEEN);
  if (text(object, "spec", "updateStrategy", "type") === "OnDelete") return healthy();
  const wanted = count(object, "status", "desiredNumberScheduled");
  const updated = count(object, "status", "updatedNumberScheduled");
  const available = count(object, "status", "numberAvailable");
  if (updated < wanted) return progressing(`${updated} of ${wanted} new pods are updated`);
  if (available < wanted) return progressing(`${available} of ${wanted} pods are available`);
  return healthy();
}

function replicaSetHealth(object: KubernetesObject): Health {
  if (isUnseen(object)) return progressing(UNSEEN);
  const failure = conditionOf(object, "ReplicaFailure");
  if (failure?.status === "True") return degraded(describe(failure));
  const wanted = wantedReplicas(object);
  const available = count(object, "status", "availableReplicas");
  if (available < wanted) return progressing(`${available} of ${wanted} replicas are available`);
  return healthy();
}
