// PATCH: a JSON, merge or strategic merge patch against the newest state, tried again when another write got between.

import { canonicalJson, isRecord } from "../../../core/index.ts";
import type { Soon } from "../../../core/index.ts";
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  JSON_PATCH_OPERATIONS_MAX,
  JsonPatchError,
  JsonPatchSyntaxError,
  StatusError,
  statusError,
  StrategicMergeError,
} from "../../../kubernetes/index.ts";
import type { KubernetesObject, Patch } from "../../../kubernetes/index.ts";
import { writeOptions } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import { DecodeError, decodeObject } from "../decoding/decode-object.ts";
import type { DecodeOptions } from "../decoding/decode-object.ts";
import { formatGoValue } from "../decoding/unstructured-conversion.ts";
import { invalidField } from "../field-error.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import { badRequest, conflict, invalid, MODIFIED, unsupportedMediaType } from "../refusals.ts";
import type { Resource } from "../resource.ts";
import { trackOptions } from "./create.ts";
import type { ObjectTarget, WriteResult, WriteSettings } from "./requests.ts";
import { updateWith } from "./update.ts";

export interface PatchRequest extends ObjectTarget, WriteSettings {
  readonly patch: Patch;
}

export function patch(api: ApiContext, request: PatchRequest): Soon<WriteResult<KubernetesObject>> {
  const { resource, caller } = request;
  const options = writeOptions("PatchOptions", request);
  return updateWith(api, { ...request, options }, (current) => {
    const patched = applyPatch(resource, current, request.patch);
    if (patched === current) return current;
    const decoded = decodePatched(request, patched, { ...request, caller, known: current });
    checkIdentity(resource, decoded, current);
    return trackUpdate(resource, current, decoded, trackOptions(api, request));
  });
}

/** A patch that puts what cannot be decoded makes the result invalid, not the request bad. */
function decodePatched(
  { resource, patch: change }: PatchRequest,
  patched: unknown,
  options: DecodeOptions,
): KubernetesObject {
  try {
    return decodeObject(resource, patched, options);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const cause =
      change.type === "strategic"
        ? invalidField("patch", formatGoValue(change.body), error.whyConverted)
        : invalidField("patch", patchedText(resource, patched), error.why);
    const { details: _details, ...status } = invalid({ group: "", kind: "" }, "", [cause]).status;
    throw new StatusError({ ...status, details: { causes: [cause] } });
  }
}

/** As the server holds it at that moment: a map of fields, below which built-in kinds keep their own order. */
function patchedText({ facts }: Resource, patched: unknown): string {
  if (facts.custom !== undefined || !isRecord(patched)) return canonicalJson(patched);
  const sorted = Object.keys(patched).toSorted();
  return JSON.stringify(Object.fromEntries(sorted.map((key) => [key, patched[key]])));
}

/** The patched JSON, before anything has been checked. */
export function applyPatch(resource: Resource, current: KubernetesObject, change: Patch): unknown {
  switch (change.type) {
    case "json":
      return applyOperations(current, change.operations);
    case "merge":
      if (!isRecord(change.body)) throw notARecord(change.body);
      return applyMergePatch(current, change.body);
    case "strategic":
      return applyStrategic(resource, current, change.body);
  }
}

function applyOperations(current: KubernetesObject, operations: readonly unknown[]): unknown {
  if (operations.length > JSON_PATCH_OPERATIONS_MAX) {
    const text = `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}, got ${operations.length}`;
    throw statusError("RequestEntityTooLarge", text);
  }
  try {
    return applyJsonPatch(current, operations);
  } catch (error) {
    if (error instanceof JsonPatchSyntaxError)
      throw badRequest(`error decoding patch: ${error.message}`);
    if (!(error instanceof JsonPatchError)) throw error;
    throw statusError(
      "Invalid",
      "the server rejected our request due to an error in our request",
      {},
    );
  }
}

function applyStrategic(resource: Resource, current: KubernetesObject, body: unknown): unknown {
  if (resource.facts.custom !== undefined) {
    throw unsupportedMediaType(
      "the body of the request was in an unknown format - accepted media types include: " +
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
    );
  }
  if (!isRecord(body)) throw notARecord(body);
  try {
    return applyStrategicMergePatch(current, body, resource.facts.schema);
  } catch (error) {
    if (error instanceof StrategicMergeError) throw badRequest(error.message);
    throw error;
  }
}

function notARecord(body: unknown): Error {
  const actual = Array.isArray(body) ? "array" : typeof body;
  return badRequest(
    `error decoding patch: json: cannot unmarshal ${actual} into Go value of type map[string]interface {}`,
  );
}

/** A patch may state the version it was made from; it may not turn the object into another one. */
function checkIdentity(
  { facts }: Resource,
  next: KubernetesObject,
  current: KubernetesObject,
): void {
  const { name, namespace, resourceVersion, uid } = next.metadata;
  if (name !== current.metadata.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${current.metadata.name})`,
    );
  }
  if ((namespace ?? "") !== (current.metadata.namespace ?? "")) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if ((resourceVersion ?? "") !== "" && resourceVersion !== current.metadata.resourceVersion) {
    throw conflict(facts, name, MODIFIED);
  }
  if ((uid ?? "") !== "" && uid !== current.metadata.uid) {
    throw invalid(facts, name, [
      {
        reason: "FieldValueInvalid",
        message: `Invalid value: ${JSON.stringify(uid)}: field is immutable`,
        field: "metadata.uid",
      },
    ]);
  }
}
