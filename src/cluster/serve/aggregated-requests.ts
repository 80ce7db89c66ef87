// Requests about APIs that are computed when asked: the aggregation layer's part of the way of a request.
// Mirrors kube-aggregator pkg/apiserver/handler_proxy.go, and its answers where no server can be reached.

import { isRecord } from "../../core/index.ts";
import { formatApiVersion } from "../../kubernetes/index.ts";
import type {
  ApiServiceAnswer,
  ApiServiceRequest,
  ApiServiceResource,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import type { ServedApiService } from "../api/index.ts";
import { partialMetadata, partialMetadataList } from "../api/printers/partial-metadata.ts";
import { negotiate, parseAccept, PLAIN_JSON } from "./accept.ts";
import type { Representation } from "./accept.ts";
import type { Exchange } from "./exchange.ts";
import { methodNotAllowed } from "./not-served.ts";
import { readText } from "./query.ts";
import type { ResourcePath } from "./request-path.ts";
import { answerJson } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";

/** The added API a path belongs to. Kinds of this server come first. */
export function addedApi(
  { api }: ServerContext,
  { group, version }: ResourcePath,
): ServedApiService | undefined {
  return api.services.find(group, version);
}

export function answerAdded(
  { api }: ServerContext,
  exchange: Exchange,
  path: ResourcePath,
  verb: string,
): void {
  if (verb !== "get" && verb !== "list") throw methodNotAllowed();
  const answer = api.services.read(path.group, path.version, requestOf(exchange, path, verb));
  // Protobuf is asked for by clients that take JSON as well; nothing else is made here.
  const representation = negotiate(parseAccept(exchange.header("accept"))) ?? PLAIN_JSON;
  const resources = api.services.find(path.group, path.version)?.service.resources() ?? [];
  const resource = resources.find((one) => one.resource === path.resource);
  const body = represent(answer, representation, resource);
  answerJson(
    { exchange, warnings: [], encoding: representation.encoding },
    200,
    JSON.stringify(body),
  );
}

const READ_BY_THE_SERVER: readonly string[] = ["labelSelector", "fieldSelector"];

function requestOf(
  { query }: Exchange,
  { namespace, resource, name, subresource }: ResourcePath,
  verb: "get" | "list",
): ApiServiceRequest {
  const parameters = Object.fromEntries(
    [...query].filter(([key]) => !READ_BY_THE_SERVER.includes(key)),
  );
  return {
    verb,
    namespace,
    resource,
    name,
    subresource,
    parameters,
    labelSelector: readText(query, "labelSelector"),
    fieldSelector: readText(query, "fieldSelector"),
  };
}

function represent(
  answer: ApiServiceAnswer,
  { transform, version }: Representation,
  resource: ApiServiceResource | undefined,
): unknown {
  if (transform === "none") return answer;
  const objects = itemsOf(answer);
  const isList = Array.isArray(answer["items"]);
  if (transform === "table") return table(objects, version, resource);
  if (isList) return partialMetadataList(objects, { resourceVersion: "" }, version);
  return objects[0] && partialMetadata(objects[0], version);
}

function itemsOf(answer: ApiServiceAnswer): readonly KubernetesObject[] {
  const { items } = answer;
  // What an API answers for a name is one object, for a collection a list of them.
  return (Array.isArray(items) ? items : [answer]) as readonly KubernetesObject[];
}

function table(
  objects: readonly KubernetesObject[],
  version: Representation["version"],
  resource: ApiServiceResource | undefined,
): unknown {
  const columns = resource?.columns ?? [];
  const name = {
    name: "Name",
    type: "string",
    format: "name",
    description: "Name of the resource",
  };
  const definitions = columns.map(({ name: title, type, description }) => ({
    name: title,
    type,
    format: "",
    description,
  }));
  return {
    kind: "Table",
    apiVersion: formatApiVersion("meta.k8s.io", version),
    metadata: {},
    columnDefinitions: [name, ...definitions].map((column) => ({ ...column, priority: 0 })),
    rows: objects.map((object) => ({
      cells: [nameOf(object), ...columns.map(({ cell }) => cell(object))],
      object: partialMetadata(object, version),
    })),
  };
}

function nameOf(object: KubernetesObject): string {
  return isRecord(object.metadata) ? object.metadata.name : "";
}
