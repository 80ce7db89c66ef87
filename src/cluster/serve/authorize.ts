// What a request wants to do, as the authorizer is asked, and the words of a refusal.
// Mirrors k8s.io/apiserver pkg/endpoints/request (RequestInfo) and pkg/endpoints/handlers/responsewriters/errors.go.

import { parseFieldSelector, pinnedField, statusError } from "../../kubernetes/index.ts";
import type { RequestAttributes, StatusError, UserInfo } from "../../kubernetes/index.ts";
import type { Exchange } from "./exchange.ts";
import { readFlag } from "./query.ts";
import type { ResourcePath } from "./request-path.ts";

/** The API server's verb of a request about a resource. */
export function verbOf({ method, query }: Exchange, { name, isWatch }: ResourcePath): string {
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === "" ? "deletecollection" : "delete";
    case "GET":
    case "HEAD":
      if (isWatch || readFlag(query, "watch") === true) return "watch";
      return name === "" ? "list" : "get";
    default:
      return method.toLowerCase();
  }
}

export function attributesOf(
  exchange: Exchange,
  path: ResourcePath | undefined,
  user: UserInfo,
): RequestAttributes {
  if (path === undefined) {
    const nothing = {
      group: "",
      version: "",
      resource: "",
      subresource: "",
      namespace: "",
      name: "",
    };
    return { ...nothing, user, verb: exchange.method.toLowerCase(), path: exchange.path };
  }
  const { group, version, resource, subresource, namespace = "" } = path;
  const verb = verbOf(exchange, path);
  const name = path.name === "" ? selectedName(exchange, verb) : path.name;
  return { user, verb, group, version, resource, subresource, namespace, name };
}

/** A collection narrowed to one name is asked about as that object. */
function selectedName({ query }: Exchange, verb: string): string {
  if (verb !== "list" && verb !== "watch" && verb !== "deletecollection") return "";
  try {
    return pinnedField(parseFieldSelector(query.get("fieldSelector") ?? ""), "metadata.name") ?? "";
  } catch {
    // The handler answers what is wrong with the selector.
    return "";
  }
}

/** 403; `reason` is what the authorizer says besides. */
export function refuseAttributes(attributes: RequestAttributes, reason: string): StatusError {
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
