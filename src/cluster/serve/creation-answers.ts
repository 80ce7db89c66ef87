// What POST answers without storing anything, beside the reviews: tokens of service accounts, and the old way to bind.

import { badRequest } from "../api/refusals.ts";
import { bind } from "../api/subresources/binding.ts";
import { requestToken } from "../api/subresources/token.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import { PLAIN_WRITE } from "../api/verbs/requests.ts";
import type { CreationAnswer, CreationRequest } from "./server-context.ts";

export const CREATION_ANSWERS: Readonly<Record<string, CreationAnswer>> = {
  "/serviceaccounts/token": async (request) => ({ ...(await requestToken(request.api, request)) }),
  "/bindings": bindNamedPod,
};

/** A Binding posted to its own collection is about the pod of the same name. */
async function bindNamedPod({
  api,
  caller,
  namespace,
  body,
}: CreationRequest): Promise<Readonly<Record<string, unknown>>> {
  const resource = api.registry.byPath("", "v1", "pods");
  const name = textAt(recordAt(body, "metadata"), "name");
  if (resource === undefined || name === "") throw badRequest("name must be provided");
  return { ...(await bind(api, { ...PLAIN_WRITE, resource, namespace, name, caller, body })) };
}
