// Server-side apply: PATCH with the whole intent of one manager. Creates what is absent.

import { deepEqual, isRecord } from "../../../core/index.ts";
import { isAlreadyExists, isNotFound } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { writeOptions } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import { authorizeCreation } from "../authorize.ts";
import { decodeObject } from "../decoding/decode-object.ts";
import { requiredField } from "../field-error.ts";
import { applyFields } from "../managed-fields/apply-fields.ts";
import type { ApplyFieldsOptions } from "../managed-fields/apply-fields.ts";
import { appliedFaults } from "../managed-fields/check-applied.ts";
import { withLastApplied, yieldingFields } from "../managed-fields/last-applied.ts";
import { badRequest, conflict, internalError, invalid, MODIFIED } from "../refusals.ts";
import type { Resource } from "../resource.ts";
import { createDecoded, inNamespace, trackOptions } from "./create.ts";
import type { UpdateRequest, WriteResult } from "./requests.ts";
import { updateWith } from "./update.ts";

export interface ApplyRequest extends UpdateRequest {
  readonly force: boolean;
}

export async function apply(
  api: ApiContext,
  request: ApplyRequest,
): Promise<WriteResult<KubernetesObject>> {
  const applied = readApplied(request);
  const options = { ...trackOptions(api, request), force: request.force };
  const patchOptions = { ...writeOptions("PatchOptions", request), force: request.force };
  for (;;) {
    try {
      return await updateWith(api, { ...request, options: patchOptions }, (current) =>
        applyTo(request, current, applied, options),
      );
    } catch (error) {
      if (!isNotFound(error) || request.subresource !== "") throw error;
    }
    try {
      return { outcome: "created", object: await applyNew(api, request, applied, options) };
    } catch (error) {
      // Somebody else created it meanwhile: apply to that.
      if (!isAlreadyExists(error)) throw error;
    }
  }
}

function applyTo(
  request: ApplyRequest,
  current: KubernetesObject,
  applied: KubernetesObject,
  options: ApplyFieldsOptions,
): KubernetesObject {
  const { resource, caller } = request;
  checkVersion(resource, applied, current);
  const yielding = yieldingFields(resource, current, options.manager);
  const merged = applyFields(resource, current, applied, { ...options, yielding });
  const annotated = withLastApplied(merged, applied, options.manager);
  if (annotated === current) return current;
  const decoded = decodeObject(resource, annotated, { ...request, caller, known: current });
  return isSameButForTimes(decoded, current) ? current : decoded;
}

async function applyNew(
  api: ApiContext,
  request: ApplyRequest,
  applied: KubernetesObject,
  options: ApplyFieldsOptions,
): Promise<KubernetesObject> {
  const { resource, caller, name } = request;
  const { uid } = applied.metadata;
  if (uid !== undefined && uid !== "") {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(resource.facts, name, why);
  }
  const merged = applyFields(resource, undefined, applied, options);
  const decoded = decodeObject(resource, merged, { ...request, caller });
  const placed = inNamespace(resource, decoded, request.namespace);
  authorizeCreation(api, request);
  return createDecoded(api, request, placed);
}

/** The body with the identity the path gives it; refuses what cannot be merged. */
function readApplied(request: ApplyRequest): KubernetesObject {
  const { resource, name, body, fieldManager = "" } = request;
  if (fieldManager === "") {
    throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [
      requiredField("fieldManager", "is required for apply patch"),
    ]);
  }
  if (!isRecord(body))
    throw badRequest("error decoding YAML: the body of an apply must be an object");
  checkType(resource, body);
  const metadata = isRecord(body["metadata"]) ? body["metadata"] : {};
  if (Array.isArray(metadata["managedFields"]) && metadata["managedFields"].length > 0) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const given = metadata["name"];
  if (typeof given === "string" && given !== "" && given !== name) {
    throw badRequest(
      `the name of the object (${given}) does not match the name on the URL (${name})`,
    );
  }
  const faults = appliedFaults(body, resource.facts.schema);
  if (faults.length > 0) throw cannotMerge(resource, request, faults);
  const { managedFields: _managedFields, ...rest } = metadata;
  // Checked above as far as merging needs it; the result is decoded in full.
  return { ...body, metadata: { ...rest, name } } as unknown as KubernetesObject;
}

function checkType({ apiVersion, facts }: Resource, body: Readonly<Record<string, unknown>>): void {
  if (body["apiVersion"] !== apiVersion || body["kind"] !== facts.kind) {
    if (typeof body["apiVersion"] !== "string" || typeof body["kind"] !== "string") {
      throw badRequest(
        `error decoding YAML: Object 'Kind' is missing in '${JSON.stringify(body)}'`,
      );
    }
    throw badRequest(
      `invalid object type: ${body["apiVersion"]}, Kind=${body["kind"]}, expected ${apiVersion}, Kind=${facts.kind}`,
    );
  }
}

function cannotMerge(
  { apiVersion, facts }: Resource,
  { name, body }: ApplyRequest,
  faults: readonly string[],
): Error {
  const metadata = isRecord(body) && isRecord(body["metadata"]) ? body["metadata"] : {};
  const namespace = typeof metadata["namespace"] === "string" ? metadata["namespace"] : "";
  const listed =
    faults.length === 1 ? faults[0] : `errors:\n${faults.map((one) => `  ${one}`).join("\n")}`;
  return internalError(
    `failed to create typed patch object (${namespace}/${name}; ${apiVersion}, Kind=${facts.kind}): ${listed}`,
  );
}

function checkVersion(
  resource: Resource,
  applied: KubernetesObject,
  current: KubernetesObject,
): void {
  const { resourceVersion = "", uid = "" } = applied.metadata;
  if (resourceVersion !== "" && resourceVersion !== current.metadata.resourceVersion) {
    throw conflict(resource.facts, current.metadata.name, MODIFIED);
  }
  if (uid !== "" && uid !== current.metadata.uid) {
    throw conflict(
      resource.facts,
      current.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
    );
  }
}

/** New timestamps of managers alone are no reason to write. */
function isSameButForTimes(next: KubernetesObject, current: KubernetesObject): boolean {
  const untimed = ({ metadata, ...object }: KubernetesObject): unknown => ({
    ...object,
    metadata: {
      ...metadata,
      managedFields: (metadata.managedFields ?? []).map(({ time: _time, ...entry }) => entry),
    },
  });
  return deepEqual(untimed(next), untimed(current));
}
