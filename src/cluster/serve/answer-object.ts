// One object as an answer.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { objectJson, readIncludeObject } from "./represent.ts";
import type { ResourceRequest } from "./server-context.ts";

/** Answers in the negotiated form. */
export function answerObject(
  request: ResourceRequest,
  status: number,
  object: KubernetesObject,
): void {
  const { representation, exchange, server, resource } = request;
  const includeObject = readIncludeObject(exchange.query);
  const now = server.api.clock.now();
  request.answer(status, objectJson(resource, object, { representation, includeObject, now }));
}
