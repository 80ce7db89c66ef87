// Requests below an object: status, scale, logs, evictions, bindings, tokens and the streams only a node could carry.

import { isRecord } from "../../core/index.ts";
import { bind } from "../api/subresources/binding.ts";
import { evict } from "../api/subresources/eviction.ts";
import { finalize } from "../api/subresources/finalize.ts";
import { getScale, scaleResource, updateScale } from "../api/subresources/scale-verbs.ts";
import { get } from "../api/verbs/get.ts";
import { update } from "../api/verbs/update.ts";
import { answerObject } from "./answer-object.ts";
import { patchObject } from "./patch-request.ts";
import { answerLog } from "./pod-log.ts";
import { readWriteSettings } from "./query.ts";
import { methodNotAllowed, notServed } from "./not-served.ts";
import { readRequestBody, targetOf } from "./resource-target.ts";
import { refuseEphemeral } from "./refuse-ephemeral.ts";
import { isStream } from "./request-path.ts";
import type { ResourceRequest } from "./server-context.ts";
import { serveProxy } from "./streams/proxy.ts";
import { servePodStream } from "./streams/pod-streams.ts";

export async function handleSubresource(request: ResourceRequest): Promise<void> {
  const { path, verb, resource } = request;
  const [name = ""] = path.subresource.split("/");
  const facts = resource.facts.subresourceFacts?.find((one) => one.name === name);
  if (facts === undefined || path.name === "") throw notServed();
  // Watching one object's subresource is reading it.
  const asked = verb === "watch" ? "get" : verb;
  if (isStream(path)) return serveStream(request, name);
  if (!facts.verbs.includes(asked)) throw methodNotAllowed();
  if (name === "ephemeralcontainers" && asked !== "get") refuseEphemeral(request);
  switch (asked) {
    case "get":
      return name === "log" ? answerLog(request) : readSubresource(request);
    case "update":
      return updateSubresource(request);
    case "patch":
      return patchObject(request);
    case "create":
      return createSubresource(request);
    default:
      throw methodNotAllowed();
  }
}

function serveStream(request: ResourceRequest, name: string): Promise<void> {
  return name === "proxy" ? serveProxy(request) : servePodStream(request, name);
}

function readSubresource(request: ResourceRequest): void {
  const target = targetOf(request);
  const read = request.path.subresource === "scale" ? getScale : get;
  answerPart(request, 200, read(request.server.api, target));
}

async function updateSubresource(request: ResourceRequest): Promise<void> {
  const { exchange, path, server } = request;
  const settings = readWriteSettings(exchange.query, path.subresource, "UpdateOptions");
  const { value, duplicates } = await readRequestBody(request);
  const write = { scale: updateScale, finalize }[path.subresource] ?? update;
  const target = { ...targetOf(request), ...settings, body: value, duplicates };
  const { object } = await write(server.api, target);
  answerPart(request, 200, object);
}

async function createSubresource(request: ResourceRequest): Promise<void> {
  const { exchange, path, server, resource, caller } = request;
  const settings = readWriteSettings(exchange.query, path.subresource, "CreateOptions");
  const { value, duplicates } = await readRequestBody(request);
  const { group, resource: plural } = resource.facts;
  const answer = server.answers[`${group}/${plural}/${path.subresource}`];
  const target = targetOf(request);
  if (answer !== undefined) {
    const body = isRecord(value) ? value : {};
    const made = await answer({ api: server.api, ...target, caller, body });
    return request.answer(201, JSON.stringify(made));
  }
  const write = { binding: bind, eviction: evict }[path.subresource];
  if (write === undefined) throw methodNotAllowed();
  const done = await write(server.api, { ...target, ...settings, body: value, duplicates });
  request.answer(201, JSON.stringify(done));
}

/** A Scale has columns of its own; the others are the object itself. */
function answerPart(
  request: ResourceRequest,
  status: number,
  object: Parameters<typeof answerObject>[2],
): void {
  const { path, server, resource } = request;
  const isScale = path.subresource === "scale";
  const shown = isScale ? { ...request, resource: scaleResource(server.api, resource) } : request;
  answerObject(shown, status, object);
}
