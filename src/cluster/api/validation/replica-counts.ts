// What workloads count in their status. Mirrors ValidateDeploymentStatus, ValidateReplicaSetStatus, ValidateStatefulSetStatus and
// validateDaemonSetStatus of kubernetes pkg/apis/apps/validation/validation.go, and ValidateReplicationControllerStatus of
// pkg/apis/core/validation @v1.36.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { numberAt, recordAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";

type Causes = readonly StatusCause[];

interface Counts {
  /** None of these is negative. */
  readonly counts: readonly string[];
  /** No more of the first than of the second, which is called by the third. */
  readonly ordered: readonly (readonly [part: string, whole: string, called: string])[];
}

const REPLICAS = "status.replicas";
const READY = ["readyReplicas", "replicas", REPLICAS] as const;
const AVAILABLE = ["availableReplicas", "replicas", REPLICAS] as const;
const AVAILABLE_READY = ["availableReplicas", "readyReplicas", "readyReplicas"] as const;

const DEPLOYMENT: Counts = {
  counts: [
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "terminatingReplicas",
    "collisionCount",
  ],
  ordered: [["updatedReplicas", "replicas", REPLICAS], READY, AVAILABLE, AVAILABLE_READY],
};

const REPLICA_SET: Counts = {
  counts: [
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "observedGeneration",
    "terminatingReplicas",
  ],
  ordered: [["fullyLabeledReplicas", "replicas", REPLICAS], READY, AVAILABLE, AVAILABLE_READY],
};

const STATEFUL_SET: Counts = {
  counts: [
    "replicas",
    "readyReplicas",
    "currentReplicas",
    "updatedReplicas",
    "availableReplicas",
    "observedGeneration",
    "collisionCount",
  ],
  ordered: [
    READY,
    ["currentReplicas", "replicas", REPLICAS],
    ["updatedReplicas", "replicas", REPLICAS],
    AVAILABLE,
    ["availableReplicas", "readyReplicas", "status.readyReplicas"],
  ],
};

const DAEMON_SET: Counts = {
  counts: [
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
  ],
  ordered: [],
};

export function validateDeploymentStatus(next: KubernetesObject, old: KubernetesObject): Causes {
  return [...validateCounts(next, DEPLOYMENT), ...collisionFaults(next, old)];
}

/** Of ReplicaSets and ReplicationControllers alike. */
export function validateReplicaSetStatus(set: KubernetesObject): Causes {
  return validateCounts(set, REPLICA_SET);
}

export function validateStatefulSetStatus(next: KubernetesObject, old: KubernetesObject): Causes {
  return [...validateCounts(next, STATEFUL_SET), ...collisionFaults(next, old)];
}

export function validateDaemonSetStatus(next: KubernetesObject, old: KubernetesObject): Causes {
  return [...validateCounts(next, DAEMON_SET), ...collisionFaults(next, old)];
}

function validateCounts(object: KubernetesObject, { counts, ordered }: Counts): Causes {
  const status = recordAt(object, "status");
  const count = (name: string): number => numberAt(status, name) ?? 0;
  return [
    ...counts.flatMap((name) => notNegative(status, name, `status.${name}`)),
    ...ordered
      .filter(([part, whole]) => count(part) > count(whole))
      .map(([part, , called]) =>
        invalidField(`status.${part}`, count(part), `cannot be greater than ${called}`),
      ),
  ];
}

/** Names are made of it, so that it only grows. */
function collisionFaults(next: KubernetesObject, old: KubernetesObject): Causes {
  const [count, before] = [next, old].map((one) =>
    numberAt(recordAt(one, "status"), "collisionCount"),
  );
  if (before === undefined || (count !== undefined && count >= before)) return [];
  return [invalidField("status.collisionCount", count ?? 0, "cannot be decremented")];
}
