// POST: a new object. The order of steps is the API server's: decode with defaults, note who set which field, mutating
// admission, system fields, the kind's own preparation, validation, validating admission, store.

import { andThen, NAME_ALPHABET, orUndo } from "../../../core/index.ts";
import type { Soon } from "../../../core/index.ts";
import { statusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject, ObjectMeta } from "../../../kubernetes/index.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { admissionAttributes, writeOptions } from "../admission-attributes.ts";
import type { ApiContext } from "../api-context.ts";
import { decodeObject, withDefaults } from "../decoding/decode-object.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import type { TrackOptions } from "../managed-fields/track.ts";
import { alreadyExists, badRequest, internalError, refuseFor } from "../refusals.ts";
import { hasSubresource, keyOfObject } from "../resource.ts";
import type { Resource } from "../resource.ts";
import { timestamp } from "../timestamp.ts";
import { createUid } from "../uid.ts";
import { expressionCauses, hasExpressions } from "../validation/expressions.ts";
import { validateMetadata } from "../validation/metadata.ts";
import { validateSchema } from "../validation/schema.ts";
import { toStorage, toVersion } from "../conversion/convert.ts";
import type { CreateRequest } from "./requests.ts";
import { onceDurable } from "./when-durable.ts";

/** Longest base of a generated name: 63 characters less the suffix of five. */
const GENERATED_BASE_MAX = 58;
const GENERATED_TRIES_MAX = 8;

export function create(api: ApiContext, request: CreateRequest): Soon<KubernetesObject> {
  const { resource, caller } = request;
  const decoded = decodeObject(resource, request.body, { ...request, caller });
  const placed = inNamespace(resource, decoded, request.namespace);
  if ((placed.metadata.resourceVersion ?? "") !== "") {
    throw internalError("resourceVersion should not be set on objects to be created");
  }
  return createDecoded(
    api,
    request,
    trackUpdate(resource, undefined, placed, trackOptions(api, request)),
  );
}

/** The rest of the way, shared with server-side apply, which has tracked fields in its own manner. */
export function createDecoded(
  api: ApiContext,
  request: Omit<CreateRequest, "body">,
  object: KubernetesObject,
): Soon<KubernetesObject> {
  const { resource } = request;
  if (resource.isTerminating === true) {
    const why = "create not allowed while custom resource definition is terminating";
    throw statusError("MethodNotAllowed", why);
  }
  const admission = admissionAttributes(api, request, {
    operation: "CREATE",
    name: object.metadata.name ?? "",
    options: writeOptions("CreateOptions", request),
  });
  return andThen(api.admission.mutate(admission, object), (admitted = object) => {
    const whole = admitted === object ? object : withDefaults(resource, admitted);
    return nameAndStore(api, request, admission, whole, 1);
  });
}

/** A generated name that is taken is drawn anew. */
function nameAndStore(
  api: ApiContext,
  request: Omit<CreateRequest, "body">,
  admission: AdmissionAttributes,
  admitted: KubernetesObject,
  tries: number,
): Soon<KubernetesObject> {
  const { resource, dryRun, caller } = request;
  const named = withSystemFields(api, resource, admitted);
  const context = { api, dryRun, user: caller.user };
  const prepared = resource.strategy.prepareForCreate?.(named, context) ?? named;
  const giveBack = (): void => resource.strategy.afterDelete?.(prepared, api);
  const stored = orUndo(() => checkAndStore(api, request, admission, prepared), giveBack);
  return andThen(stored, (object) => {
    if (object !== undefined) return object;
    giveBack();
    const isGenerated = (admitted.metadata.name ?? "") === "";
    if (isGenerated && tries < GENERATED_TRIES_MAX) {
      return nameAndStore(api, request, admission, admitted, tries + 1);
    }
    throw alreadyExists(resource.facts, named.metadata.name);
  });
}

/** Undefined when the name is taken. */
function checkAndStore(
  api: ApiContext,
  request: Omit<CreateRequest, "body">,
  admission: AdmissionAttributes,
  object: KubernetesObject,
): Soon<KubernetesObject | undefined> {
  const { resource, dryRun, caller } = request;
  return andThen(validateNew(request, object), () => {
    for (const warning of resource.strategy.warnings?.(object) ?? []) caller.warn(warning);
    return andThen(api.admission.validate(admission, object), () =>
      storeNew(api, resource, object, dryRun),
    );
  });
}

/** Undefined when the name is taken. */
function storeNew(
  api: ApiContext,
  resource: Resource,
  object: KubernetesObject,
  dryRun: boolean,
): Soon<KubernetesObject | undefined> {
  const key = keyOfObject(resource, object);
  if (dryRun) return api.store.get(key) === undefined ? object : undefined;
  const written = api.store.put(key, toStorage(resource, object), 0);
  if (written.outcome === "conflict") return undefined;
  return onceDurable(api, toVersion(resource, written.object));
}

export function trackOptions(
  api: ApiContext,
  request: Pick<CreateRequest, "caller" | "fieldManager" | "subresource">,
): TrackOptions {
  return {
    manager: request.fieldManager ?? request.caller.defaultManager,
    subresource: request.subresource,
    time: timestamp(api.clock),
    mayWait: request.caller.knowsDerived === true,
  };
}

/** The namespace of the path wins when the body names none; a different one is refused. */
export function inNamespace(
  { facts }: Resource,
  object: KubernetesObject,
  namespace: string | undefined,
): KubernetesObject {
  const given = object.metadata.namespace ?? "";
  if (!facts.namespaced) {
    if (given === "") return object;
    throw badRequest("namespace may not be set on cluster-scoped resources");
  }
  const wanted = namespace ?? given;
  if (given !== "" && given !== wanted) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (wanted === "") throw badRequest("an empty namespace may not be set during creation");
  if (given === wanted) return object;
  return { ...object, metadata: { ...object.metadata, namespace: wanted } };
}

function withSystemFields(
  api: ApiContext,
  resource: Resource,
  object: KubernetesObject,
): KubernetesObject {
  const metadata = newMetadata(api, resource, object.metadata);
  const keepsStatus = resource.strategy.keepsStatus === true || !hasSubresource(resource, "status");
  if (keepsStatus || object["status"] === undefined) return { ...object, metadata };
  // Status belongs to controllers: what the creator says about it is dropped.
  const { status: _status, ...rest } = object;
  const { initialStatus } = resource;
  // What is left has every part of the object's identity.
  return (
    initialStatus === undefined
      ? { ...rest, metadata }
      : { ...rest, metadata, status: initialStatus }
  ) as KubernetesObject;
}

/** In the order in which Kubernetes prints it. What clients may not set is left out. */
function newMetadata(api: ApiContext, { strategy }: Resource, given: ObjectMeta): ObjectMeta {
  const { generateName, namespace, labels, annotations } = given;
  const { ownerReferences, finalizers, managedFields } = given;
  const metadata: Record<string, unknown> = {
    name: given.name || generatedName(api, generateName),
  };
  if (generateName !== undefined) metadata["generateName"] = generateName;
  if (namespace !== undefined) metadata["namespace"] = namespace;
  metadata["uid"] = createUid(api.rng);
  // Holds the place for the store.
  metadata["resourceVersion"] = undefined;
  if (strategy.generation !== "none") metadata["generation"] = 1;
  metadata["creationTimestamp"] = timestamp(api.clock);
  if (labels !== undefined) metadata["labels"] = labels;
  if (annotations !== undefined) metadata["annotations"] = annotations;
  if (ownerReferences !== undefined) metadata["ownerReferences"] = ownerReferences;
  if (finalizers !== undefined) metadata["finalizers"] = finalizers;
  if (managedFields !== undefined) metadata["managedFields"] = managedFields;
  // An undefined version is an absent one.
  return metadata as unknown as ObjectMeta;
}

function generatedName({ rng }: ApiContext, base: string | undefined): string {
  if (base === undefined || base === "") return "";
  return base.slice(0, GENERATED_BASE_MAX) + rng.text(5, NAME_ALPHABET);
}

function validateNew(
  { resource, caller }: Pick<CreateRequest, "resource" | "caller">,
  object: KubernetesObject,
): Soon<void> {
  const { facts, strategy } = resource;
  const causes = [
    ...validateMetadata(object.metadata, strategy.nameRule),
    ...validateSchema(resource, object),
    ...(strategy.validate?.(object) ?? []),
    ...(strategy.validateCreate?.(object) ?? []),
  ];
  const asks = hasExpressions(resource, causes, object);
  const more = asks ? expressionCauses(resource, caller, object) : [];
  return andThen(more, (others) => refuseFor(facts, object, [...causes, ...others]));
}
