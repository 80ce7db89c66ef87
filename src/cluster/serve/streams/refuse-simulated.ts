// Pods that run no process have nothing to reach, and are refused in words that say so before any connection is upgraded.

import { failure, StatusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ResourceRequest } from "../server-context.ts";

export function refuseSimulated({ server, path }: ResourceRequest, pod: KubernetesObject): void {
  if (server.api.nodeAgent.runs?.(pod) === true) return;
  const { namespace = "", name } = pod.metadata;
  throw notImplemented(
    `${path.resource}/${path.subresource} needs a process, and pod ${namespace}/${name} is simulated: nothing runs in it`,
  );
}

/** 501, which has no reason of its own in Kubernetes. */
export function notImplemented(message: string): StatusError {
  const { reason: _reason, ...status } = failure("InternalError", message);
  return new StatusError({ ...status, code: 501 });
}
