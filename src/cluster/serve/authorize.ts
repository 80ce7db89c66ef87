// What a request wants to do, as the authorizer is asked.
// Mirrors k8s.io/apiserver pkg/endpoints/request (RequestInfo).

import { parseFieldSelector, pinnedField } from "../../kubernetes/index.ts";
import type { RequestAttributes, UserInfo } from "../../kubernetes/index.ts";
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
