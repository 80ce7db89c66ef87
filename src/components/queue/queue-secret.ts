// The secret an app signs its SQS requests with: one shape whoever provides the queue.

import type { PlannedQueue, SecretDemand, SecretKey, Unbound } from "../../model/index.ts";

export function queueSecretName({ name }: Unbound<PlannedQueue>): string {
  return `${name}-queue`;
}

export function queueSecretId({ name }: Unbound<PlannedQueue>): string {
  return `queues.${name}`;
}

/** Lives in consumers' namespaces only; the queue's own system does not read it. */
export function queueSecret(queue: PlannedQueue, keys: readonly SecretKey[]): SecretDemand {
  return {
    id: queueSecretId(queue),
    name: queueSecretName(queue),
    type: "Opaque",
    namespaces: [],
    keys,
    area: "infrastructure/messaging",
    origin: queue.origin,
  };
}
