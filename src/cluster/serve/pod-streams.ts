// exec, attach, port-forward and proxy need a kubelet or a network into pods; pods here are simulated, so these are
// refused in words that say so.

import { failure, StatusError } from "../../kubernetes/index.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import { badRequest } from "../api/refusals.ts";
import { get } from "../api/verbs/get.ts";
import { targetOf } from "./resource-target.ts";
import type { ResourceRequest } from "./server-context.ts";

export function refuseStream(request: ResourceRequest, subresource: string): never {
  const object = get(request.server.api, targetOf(request));
  const { facts } = request.resource;
  if (facts.resource === "pods" && textAt(recordAt(object, "spec"), "nodeName") === "") {
    throw badRequest(`pod ${object.metadata.name} does not have a host assigned`);
  }
  throw notImplemented(`${facts.resource}/${subresource} is not served by the embedded cluster`);
}

/** 501, which has no reason of its own in Kubernetes. */
function notImplemented(message: string): StatusError {
  const { reason: _reason, ...status } = failure("InternalError", message);
  return new StatusError({ ...status, code: 501 });
}
