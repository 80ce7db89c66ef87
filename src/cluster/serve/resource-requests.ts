// Requests about collections and objects, handed to the verb they name.

import { isRecord } from "../../core/index.ts";
import { create } from "../api/verbs/create.ts";
import { deleteCollection } from "../api/verbs/delete-collection.ts";
import { deleteObject } from "../api/verbs/delete.ts";
import { get } from "../api/verbs/get.ts";
import { list } from "../api/verbs/list.ts";
import type { ListRequest } from "../api/verbs/list.ts";
import { update } from "../api/verbs/update.ts";
import { answerObject } from "./answer-object.ts";
import { deletedText, readDeletion } from "./deletion.ts";
import { patchObject } from "./patch-request.ts";
import { readFlag, readInteger, readText, readWriteSettings } from "./query.ts";
import { methodNotAllowed, notServed } from "./not-served.ts";
import { listJson, readIncludeObject } from "./represent.ts";
import { readRequestBody, targetOf } from "./resource-target.ts";
import type { ResourceRequest, ServerContext } from "./server-context.ts";
import { answerText, PAGE_NOT_FOUND } from "./respond.ts";
import { handleSubresource } from "./subresource-requests.ts";
import { streamWatch } from "./watch-stream.ts";

export async function handleResource(request: ResourceRequest): Promise<void> {
  const { path, verb, resource } = request;
  if (!isAtScope(request)) return refuseScope(request);
  if (path.subresource !== "") return handleSubresource(request);
  if (!resource.facts.verbs.includes(verb) || !isMeantFor(verb, path.name))
    throw methodNotAllowed();
  switch (verb) {
    case "list":
      return answerList(request);
    case "watch":
      return streamWatch(request);
    case "get":
      return answerObject(request, 200, get(request.server.api, targetOf(request)));
    case "create":
      return createObject(request);
    case "update":
      return updateObject(request);
    case "patch":
      return patchObject(request);
    case "delete":
      return removeObject(request);
    case "deletecollection":
      return removeCollection(request);
    default:
      throw methodNotAllowed();
  }
}

/** Custom resources are routed apart from the others, and their router knows no Status. */
function refuseScope({ exchange, resource }: ResourceRequest): void {
  if (resource.facts.custom === undefined) throw notServed();
  answerText(exchange, 404, PAGE_NOT_FOUND);
}

const COLLECTION_VERBS: readonly string[] = ["list", "create", "deletecollection"];

/** Collections and objects take different methods; both can be watched. */
function isMeantFor(verb: string, name: string): boolean {
  return verb === "watch" || COLLECTION_VERBS.includes(verb) === (name === "");
}

/** A namespaced resource may be listed and watched across namespaces; anything else needs its own scope. */
function isAtScope({ path, resource, exchange }: ResourceRequest): boolean {
  const { namespaced } = resource.facts;
  if (!namespaced) return path.namespace === undefined;
  if (path.namespace !== undefined) return true;
  if (path.name !== "") return false;
  if (exchange.method !== "GET") throw methodNotAllowed();
  return true;
}

function answerList(request: ResourceRequest): void {
  const { representation, exchange, server, resource } = request;
  const includeObject = readIncludeObject(exchange.query);
  const { items, ...metadata } = list(server.api, listRequest(request));
  const options = { representation, includeObject, now: server.api.clock.now() };
  request.answerSlices(200, listJson(resource, items, metadata, options));
}

function listRequest({ resource, path, caller, exchange }: ResourceRequest): ListRequest {
  const { query } = exchange;
  const initial = readFlag(query, "sendInitialEvents");
  return {
    resource,
    namespace: path.namespace,
    caller,
    labelSelector: readText(query, "labelSelector"),
    fieldSelector: readText(query, "fieldSelector"),
    limit: readInteger(query, "limit"),
    continue: readText(query, "continue"),
    resourceVersion: readText(query, "resourceVersion"),
    resourceVersionMatch: readText(query, "resourceVersionMatch"),
    ...(initial === undefined ? {} : { sendInitialEvents: initial }),
  };
}

async function createObject(request: ResourceRequest): Promise<void> {
  const { server, exchange, resource, path, caller } = request;
  const settings = readWriteSettings(exchange.query, "", "CreateOptions");
  const { value, duplicates } = await readRequestBody(request);
  const { group, resource: plural } = resource.facts;
  const answer = server.answers[`${group}/${plural}`];
  if (answer !== undefined) {
    const body = isRecord(value) ? value : {};
    const { namespace } = path;
    const made = await answer({ api: server.api, caller, resource, namespace, name: "", body });
    return request.answer(201, JSON.stringify(made));
  }
  const object = await create(server.api, {
    ...targetOf(request),
    ...settings,
    body: withSharedSpec(server, value),
    duplicates,
  });
  answerObject(request, 201, object);
}

/** Clients that create many objects often give them one spec. */
function withSharedSpec({ alike }: ServerContext, body: unknown): unknown {
  if (!isRecord(body) || !isRecord(body["spec"])) return body;
  return { ...body, spec: alike(body["spec"]) };
}

async function updateObject(request: ResourceRequest): Promise<void> {
  const settings = readWriteSettings(request.exchange.query, "", "UpdateOptions");
  const { value, duplicates } = await readRequestBody(request);
  const { outcome, object } = await update(request.server.api, {
    ...targetOf(request),
    ...settings,
    body: value,
    duplicates,
  });
  answerObject(request, outcome === "created" ? 201 : 200, object);
}

async function removeObject(request: ResourceRequest): Promise<void> {
  const { settings, answersAccepted } = await readDeletion(request);
  const result = await deleteObject(request.server.api, { ...targetOf(request), ...settings });
  const text = deletedText(request.resource, result);
  if (text !== undefined) return request.answer(200, text);
  answerObject(request, answersAccepted ? 202 : 200, result.object);
}

async function removeCollection(request: ResourceRequest): Promise<void> {
  const { settings } = await readDeletion(request);
  const { representation, exchange, server, resource } = request;
  const includeObject = readIncludeObject(exchange.query);
  const { items, ...metadata } = await deleteCollection(server.api, listRequest(request), settings);
  const options = { representation, includeObject, now: server.api.clock.now() };
  request.answerSlices(200, listJson(resource, items, metadata, options));
}
