// Asks the authorizer, and the words of a refusal.
// Mirrors k8s.io/apiserver pkg/endpoints/handlers/responsewriters/errors.go.

import { statusError } from "../../kubernetes/index.ts";
import type { Authorizer, RequestAttributes, StatusError } from "../../kubernetes/index.ts";
import type { ApiContext } from "./api-context.ts";
import type { ObjectTarget } from "./verbs/requests.ts";

/** Throws StatusError 403 unless the authorizer allows it. */
export function authorize(authorizer: Authorizer, attributes: RequestAttributes): void {
  const decision = authorizer(attributes);
  if (decision.decision === "deny") throw refuseAttributes(attributes, decision.reason);
}

/** A PUT or an apply that creates what is absent needs permission for that too. */
export function authorizeCreation(
  { authorizer }: ApiContext,
  { resource, namespace = "", name, caller }: ObjectTarget,
): void {
  const { group, version, resource: plural } = resource.facts;
  const about = { group, version, resource: plural, subresource: "", namespace, name };
  authorize(authorizer, { user: caller.user, verb: "create", ...about });
}

/** 403; `reason` is what the authorizer says besides. */
function refuseAttributes(attributes: RequestAttributes, reason: string): StatusError {
  const { user, verb, group, resource, subresource, namespace, name, path } = attributes;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  const because = reason === "" ? "" : `: ${reason}`;
  if (path !== undefined) {
    return statusError("Forbidden", `forbidden: ${who} path ${JSON.stringify(path)}${because}`, {});
  }
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const subject = name === "" ? qualified : `${qualified} ${JSON.stringify(name)}`;
  const where =
    namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  return statusError(
    "Forbidden",
    `${subject} is forbidden: ${who} resource ${JSON.stringify(full)} in API group ${JSON.stringify(group)} ${where}${because}`,
    { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: resource },
  );
}
