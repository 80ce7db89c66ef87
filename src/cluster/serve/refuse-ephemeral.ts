// `kubectl debug` of a pod that is a process: no image can be run beside it, and a container that never starts would keep the
// client waiting for ever. It is told what works instead.

import { get } from "../api/verbs/get.ts";
import { targetOf } from "./resource-target.ts";
import type { ResourceRequest } from "./server-context.ts";
import { notImplemented } from "./streams/refuse-simulated.ts";

export function refuseEphemeral(request: ResourceRequest): void {
  const { api } = request.server;
  const pod = get(api, targetOf(request));
  if (api.nodeAgent.runs?.(pod) !== true) return;
  const { namespace = "", name } = pod.metadata;
  throw notImplemented(
    `pod ${namespace}/${name} runs as a process of this machine, and no image can be run beside it: try kubectl exec -it ${name} -n ${namespace} -- sh`,
  );
}
