// PATCH: the content type says which kind of patch the body is.

import { statusError } from "../../kubernetes/index.ts";
import type { KubernetesObject, Patch } from "../../kubernetes/index.ts";
import { forbiddenField } from "../api/field-error.ts";
import { badRequest, invalid } from "../api/refusals.ts";
import { patchScale } from "../api/subresources/scale-verbs.ts";
import { apply } from "../api/verbs/apply.ts";
import { patch } from "../api/verbs/patch.ts";
import type { WriteResult, WriteSettings } from "../api/verbs/requests.ts";
import { answerObject } from "./answer-object.ts";
import { mediaType, parseYaml } from "./body.ts";
import { readFlag, readWriteSettings } from "./query.ts";
import { targetOf } from "./resource-target.ts";
import { jsonSyntaxError } from "./json-syntax.ts";
import type { ResourceRequest } from "./server-context.ts";

export const APPLY_TYPE = "application/apply-patch+yaml";

const PATCH_TYPES: Readonly<Record<string, Patch["type"]>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};

export async function patchObject(request: ResourceRequest): Promise<void> {
  const { outcome, object } = await runPatch(request);
  answerObject(request, outcome === "created" ? 201 : 200, object);
}

async function runPatch(request: ResourceRequest): Promise<WriteResult<KubernetesObject>> {
  const { exchange, path } = request;
  const type = mediaType(exchange.header("content-type"));
  const kind = PATCH_TYPES[type];
  if (type !== APPLY_TYPE && kind === undefined) {
    throw statusError("UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
  const settings = readWriteSettings(exchange.query, path.subresource, "PatchOptions");
  const text = (await exchange.readBody()).toString("utf8");
  if (kind === undefined) return applyObject(request, settings, text);
  if (exchange.query.has("force")) {
    const cause = forbiddenField("force", "may not be specified for non-apply patch");
    throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [cause]);
  }
  const write = path.subresource === "scale" ? patchScale : patch;
  const change = readPatch(kind, text);
  return write(request.server.api, { ...targetOf(request), ...settings, patch: change });
}

async function applyObject(
  request: ResourceRequest,
  settings: WriteSettings,
  text: string,
): Promise<WriteResult<KubernetesObject>> {
  const { value, duplicates } = await parseYaml(text);
  const force = readFlag(request.exchange.query, "force") === true;
  const target = targetOf(request);
  return apply(request.server.api, { ...target, ...settings, body: value, duplicates, force });
}

function readPatch(type: Patch["type"], text: string): Patch {
  const body = parsePatch(text);
  if (type !== "json") return { type, body };
  if (Array.isArray(body)) return { type, operations: body };
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${goKind(body)} into Go value of type jsonpatch.Patch`,
  );
}

function parsePatch(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`error decoding patch: ${jsonSyntaxError(text)}`);
  }
}

function goKind(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value;
}
