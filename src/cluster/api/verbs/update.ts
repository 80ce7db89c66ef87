// PUT, and the last part of every PATCH: an existing object gets a new state, unless nothing changed.

import { andThen, deepEqual } from "../../../core/index.ts";
import type { Soon } from "../../../core/index.ts";
import { isNotFound } from "../../../kubernetes/index.ts";
import type { GroupVersionKind, KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { admissionAttributes, writeOptions } from "../admission-attributes.ts";
import type { AdmissionAttributes } from "../admission.ts";
import type { ApiContext } from "../api-context.ts";
import { authorizeCreation } from "../authorize.ts";
import { toStorage, toVersion } from "../conversion/convert.ts";
import { decodeObject, withDefaults } from "../decoding/decode-object.ts";
import { isLater } from "../managed-fields/later.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import { badRequest, conflict, invalid, MODIFIED, notFound, refuseFor } from "../refusals.ts";
import { hasSubresource, storeKey } from "../resource.ts";
import type { Resource } from "../resource.ts";
import type { WriteContext } from "../strategy.ts";
import { sameOutside } from "../strategies/strategies.ts";
import { revisionOf } from "../../store/index.ts";
import type { StoreKey } from "../../store/index.ts";
import { isPartial, writtenPart } from "../subresources/written-part.ts";
import { expressionCauses, hasExpressions } from "../validation/expressions.ts";
import { validateMetadataUpdate } from "../validation/metadata.ts";
import { validateSchema } from "../validation/schema.ts";
import { create, inNamespace, trackOptions } from "./create.ts";
import type { ObjectTarget, UpdateRequest, WriteResult, WriteSettings } from "./requests.ts";
import { onceDurable } from "./when-durable.ts";

export function update(
  api: ApiContext,
  request: UpdateRequest,
): Soon<WriteResult<KubernetesObject>> {
  const { resource, caller } = request;
  const known = api.store.get(storeKey(resource, request.namespace, request.name));
  const decoded = decodeObject(resource, request.body, { ...request, caller, known });
  const named = withRequestName(decoded, request.name);
  const placed = inNamespace(resource, named, request.namespace);
  const written = (): Soon<WriteResult<KubernetesObject>> =>
    updateWith(api, request, (current) => {
      checkUpdatePreconditions(resource, placed, current);
      return trackUpdate(resource, current, placed, trackOptions(api, request));
    });
  const mayCreate = resource.strategy.createOnUpdate && request.subresource === "";
  return mayCreate ? orCreate(api, request, placed, written) : written();
}

async function orCreate(
  api: ApiContext,
  request: UpdateRequest,
  placed: KubernetesObject,
  written: () => Soon<WriteResult<KubernetesObject>>,
): Promise<WriteResult<KubernetesObject>> {
  try {
    return await written();
  } catch (error) {
    if (!isNotFound(error) || (placed.metadata.resourceVersion ?? "") !== "") throw error;
    authorizeCreation(api, request);
    return { outcome: "created", object: await create(api, request) };
  }
}

function withRequestName(object: KubernetesObject, name: string): KubernetesObject {
  const given = object.metadata.name ?? "";
  if (given === name) return object;
  if (given === "") {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  throw badRequest(
    `the name of the object (${given}) does not match the name on the URL (${name})`,
  );
}

function checkUpdatePreconditions(
  resource: Resource,
  next: KubernetesObject,
  current: KubernetesObject,
): void {
  const { uid, name, resourceVersion } = next.metadata;
  if (uid !== undefined && uid !== "" && uid !== current.metadata.uid) {
    const key = ["", "registry", resource.facts.resource, current.metadata.namespace, name];
    throw conflict(
      resource.facts,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key.filter((part) => part !== undefined).join("/")}, ` +
        `ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
    );
  }
  if ((resourceVersion ?? "") === "" || resourceVersion === "0") {
    if (resource.strategy.unconditionalUpdate) return;
    throw invalid(resource.facts, name, [
      {
        reason: "FieldValueInvalid",
        message: "Invalid value: 0: must be specified for an update",
        field: "metadata.resourceVersion",
      },
    ]);
  }
  if (resourceVersion !== current.metadata.resourceVersion) {
    throw conflict(resource.facts, name, MODIFIED);
  }
}

/** What admission sees of an object that is written through a body of another kind, as a workload is through Scale. */
export interface AdmittedBody {
  readonly kind: GroupVersionKind;
  of(object: KubernetesObject): KubernetesObject;
  /** The object with what a plug-in has changed in the body. */
  into(object: KubernetesObject, body: KubernetesObject): KubernetesObject;
}

export type UpdateTarget = ObjectTarget &
  WriteSettings & {
    /** `elsewhere`: the request has been admitted as what it is, a Binding for example. Default: the object itself. */
    readonly admitted?: AdmittedBody | "elsewhere";
    /** Default: UpdateOptions. */
    readonly options?: Readonly<Record<string, unknown>>;
  };

/**
 * Applies `change` to the newest state until it could be written without another write in between. `change` gets and
 * returns objects in the requested version, decoded and with fields tracked.
 */
export function updateWith(
  api: ApiContext,
  target: UpdateTarget,
  change: (current: KubernetesObject) => Soon<KubernetesObject>,
): Soon<WriteResult<KubernetesObject>> {
  const { resource, name } = target;
  const key = storeKey(resource, target.namespace, name);
  const attempt = (): Soon<WriteResult<KubernetesObject>> => {
    const stored = api.store.get(key);
    if (stored === undefined) throw notFound(resource.facts, name);
    const current = toVersion(resource, stored);
    return andThen(change(current), (changed) =>
      andThen(
        finishUpdate(api, target, changed, current),
        (next) => storeNext(api, target, { key, stored, current, next }) ?? attempt(),
      ),
    );
  };
  return attempt();
}

interface Step {
  readonly key: StoreKey;
  readonly stored: KubernetesObject;
  /** What is stored, in the requested version. */
  readonly current: KubernetesObject;
  readonly next: KubernetesObject;
}

/** Undefined when another write came between. */
function storeNext(
  api: ApiContext,
  { resource, dryRun }: UpdateTarget,
  { key, stored, current, next }: Step,
): Soon<WriteResult<KubernetesObject>> | undefined {
  if (isUnchanged(next, current)) {
    return onceDurable(api, { outcome: "unchanged", object: current });
  }
  if (dryRun) return { outcome: "configured", object: next };
  const vanishes = mayVanish(next);
  const written = vanishes
    ? api.store.delete(key, revisionOf(stored), toStorage(resource, next))
    : api.store.put(key, toStorage(resource, next), revisionOf(stored));
  if (written.outcome === "conflict") return undefined;
  if (vanishes) resource.strategy.afterDelete?.(written.object, api);
  return onceDurable(api, { outcome: "configured", object: toVersion(resource, written.object) });
}

/** Asks last what may have to be worked out first: who set what. */
function isUnchanged(next: KubernetesObject, current: KubernetesObject): boolean {
  if (next === current) return true;
  if (!sameOutside(next, current, METADATA)) return false;
  const [after, before] = [next.metadata, current.metadata];
  if (!sameOutside(after, before, MANAGED_FIELDS)) return false;
  return deepEqual(after.managedFields, before.managedFields);
}

const METADATA: readonly string[] = ["metadata"];
const MANAGED_FIELDS: readonly string[] = ["managedFields"];

/** Being deleted, without finalizers and without a grace period left; a namespace has finalizers in its spec too. */
function mayVanish({ apiVersion, kind, metadata, ...rest }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  if (apiVersion === "v1" && kind === "Namespace") {
    const spec = rest["spec"] as { readonly finalizers?: readonly string[] } | undefined;
    if ((spec?.finalizers ?? []).length > 0) return false;
  }
  return (
    (metadata.finalizers ?? []).length === 0 && (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}

/** Admission, the fields nobody may change, the kind's own preparation, generation and validation. */
function finishUpdate(
  api: ApiContext,
  target: UpdateTarget,
  changed: KubernetesObject,
  current: KubernetesObject,
): Soon<KubernetesObject> {
  const { admitted = itself(target.resource) } = target;
  if (admitted === "elsewhere") return prepareNext(api, target, changed, current);
  const admission = admissionAttributes(api, target, {
    operation: "UPDATE",
    name: target.name,
    kind: admitted.kind,
    options: target.options ?? writeOptions("UpdateOptions", target),
    oldObject: admitted.of(current),
  });
  return andThen(mutate(api, admission, { target, changed, admitted }), (mutated) =>
    andThen(prepareNext(api, target, mutated, current), (next) =>
      next === current
        ? current
        : andThen(api.admission.validate(admission, admitted.of(next)), () => next),
    ),
  );
}

/** The current object when nothing changes. */
function prepareNext(
  api: ApiContext,
  target: UpdateTarget,
  changed: KubernetesObject,
  current: KubernetesObject,
): Soon<KubernetesObject> {
  const { resource, subresource, dryRun } = target;
  const kept = keepSystemFields(resource, subresource, changed, current);
  const prepared = prepare(resource, subresource, kept, current, { api, dryRun });
  const next = withGeneration(resource, subresource, prepared, current);
  return next === current ? current : andThen(validateChanged(target, next, current), () => next);
}

function itself({ facts }: Resource): AdmittedBody {
  return { kind: facts, of: (object) => object, into: (_object, body) => body };
}

interface Mutable {
  readonly target: UpdateTarget;
  readonly changed: KubernetesObject;
  readonly admitted: AdmittedBody;
}

function mutate(
  api: ApiContext,
  admission: AdmissionAttributes,
  { target, changed, admitted }: Mutable,
): Soon<KubernetesObject> {
  const body = admitted.of(changed);
  return andThen(api.admission.mutate(admission, body), (mutated = body) =>
    mutated === body
      ? changed
      : withDefaults(target.resource, admitted.into(changed, mutated), changed),
  );
}

function prepare(
  { strategy }: Resource,
  subresource: string,
  next: KubernetesObject,
  current: KubernetesObject,
  context: WriteContext,
): KubernetesObject {
  if (subresource === "") return strategy.prepareForUpdate?.(next, current, context) ?? next;
  if (subresource === "status") return strategy.prepareForStatus?.(next, current, context) ?? next;
  return strategy.parts?.[subresource]?.prepare?.(next, current, context) ?? next;
}

/** System metadata stays as it is; the main resource leaves status alone, the status resource everything else. */
function keepSystemFields(
  resource: Resource,
  subresource: string,
  next: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const { metadata: old } = current;
  if (subresource === "status") return statusOnly(resource, next, current);
  if (isPartial(subresource)) return writtenPart(subresource, next, current);
  const metadata = withSystemFields(next.metadata, old);
  const result = metadata === next.metadata ? next : { ...next, metadata };
  if (subresource !== "" || !hasSubresource(resource, "status")) return result;
  return withField(result, "status", current["status"]);
}

function withSystemFields(
  next: KubernetesObject["metadata"],
  old: KubernetesObject["metadata"],
): KubernetesObject["metadata"] {
  // A binding, which says nothing of who wrote it.
  if (next === old) return old;
  const isKept =
    next.resourceVersion === old.resourceVersion &&
    next.generation === old.generation &&
    next.deletionTimestamp === old.deletionTimestamp &&
    next.deletionGracePeriodSeconds === old.deletionGracePeriodSeconds &&
    next.creationTimestamp === old.creationTimestamp &&
    next.uid === old.uid &&
    !("selfLink" in next);
  // A controller's update: nothing to put back, and new notes about who wrote it.
  if (isKept && isLater(next.managedFields) && next.managedFields !== old.managedFields)
    return next;
  const metadata = {
    ...next,
    resourceVersion: old.resourceVersion,
    generation: old.generation,
    deletionTimestamp: old.deletionTimestamp,
    deletionGracePeriodSeconds: old.deletionGracePeriodSeconds,
    creationTimestamp: old.creationTimestamp,
    uid: old.uid,
    selfLink: undefined,
  };
  return sameOr(metadata, old);
}

/** Drops undefined members; gives the old record back when nothing differs, so that later steps compare by identity. */
function sameOr(
  next: Readonly<Record<string, unknown>> & Pick<KubernetesObject["metadata"], "managedFields">,
  old: KubernetesObject["metadata"],
): KubernetesObject["metadata"] {
  return hasSameFields(next, old) && deepEqual(next, old) ? old : defined(next);
}

/** Entries that wait to be worked out count as others. */
function hasSameFields(
  next: Pick<KubernetesObject["metadata"], "managedFields">,
  old: KubernetesObject["metadata"],
): boolean {
  return next.managedFields === old.managedFields || !isLater(next.managedFields);
}

/** Without the members that are undefined. */
function defined(metadata: Readonly<Record<string, unknown>>): KubernetesObject["metadata"] {
  const kept: Record<string, unknown> = {};
  for (const key in metadata) if (metadata[key] !== undefined) kept[key] = metadata[key];
  // Built from ObjectMeta's own members.
  return kept as unknown as KubernetesObject["metadata"];
}

function withField(object: KubernetesObject, field: string, value: unknown): KubernetesObject {
  if (object[field] === value) return object;
  const { [field]: _old, ...rest } = object;
  // Only a field that is not part of the identity is replaced.
  return (value === undefined ? rest : { ...rest, [field]: value }) as KubernetesObject;
}

/** Controllers of built-in kinds also annotate this way: the revision of a Deployment makes no new generation. */
function statusOnly(
  { strategy }: Resource,
  next: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const { managedFields } = next.metadata;
  const { annotations } = strategy.statusLeavesMetadata ? current.metadata : next.metadata;
  const old = current.metadata;
  const isSame =
    hasSameFields(next.metadata, old) &&
    deepEqual(managedFields, old.managedFields) &&
    deepEqual(annotations, old.annotations);
  const metadata = isSame ? old : withNotes(old, annotations, managedFields);
  const status = next["status"];
  if (metadata === old && status === current["status"]) return current;
  return status === undefined
    ? withField({ ...current, metadata }, "status", undefined)
    : { ...current, metadata, status };
}

function withNotes(
  old: KubernetesObject["metadata"],
  annotations: KubernetesObject["metadata"]["annotations"],
  managedFields: KubernetesObject["metadata"]["managedFields"],
): KubernetesObject["metadata"] {
  // Members that stay or come are put in place in one go; those that go make another record.
  if (managedFields === undefined) return defined({ ...old, annotations, managedFields });
  if (annotations === old.annotations) return { ...old, managedFields };
  if (annotations === undefined) return defined({ ...old, annotations, managedFields });
  return { ...old, annotations, managedFields };
}

function withGeneration(
  resource: Resource,
  subresource: string,
  next: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const { generation } = resource.strategy;
  if (generation === "none" || subresource === "status") return next;
  const except = hasSubresource(resource, "status") ? ["metadata", "status"] : ["metadata"];
  const isSame =
    sameOutside(next, current, except) &&
    (generation !== "spec-and-annotations" ||
      deepEqual(next.metadata.annotations, current.metadata.annotations));
  if (isSame) return next;
  const grown = (current.metadata.generation ?? 0) + 1;
  return { ...next, metadata: { ...next.metadata, generation: grown } };
}

/** Subresources that check what they change themselves. */
const OWN_RULES: readonly string[] = ["binding", "finalize", "ephemeralcontainers", "resize"];

function validateChanged(
  { resource, subresource, caller }: UpdateTarget,
  next: KubernetesObject,
  current: KubernetesObject,
): Soon<void> {
  const { strategy, facts } = resource;
  const causes: StatusCause[] = [...validateMetadataUpdate(next, current)];
  const isStatus = subresource === "status";
  const isOwn = OWN_RULES.includes(subresource);
  const isWhole = !isOwn && !sameOutside(next, current, ["metadata", "status"]);
  if (isStatus) {
    causes.push(
      ...validateSchema(resource, next, "status", current),
      ...(strategy.validateStatus?.(next, current) ?? []),
    );
  } else if (isWhole) {
    causes.push(...validateSchema(resource, next, "object", current));
    causes.push(...(strategy.validate?.(next) ?? []));
    causes.push(...(strategy.validateUpdate?.(next, current) ?? []));
  } else if (!isOwn) {
    causes.push(...(strategy.validateMetadata?.(next, current) ?? []));
  }
  causes.push(...(strategy.parts?.[subresource]?.validate?.(next, current) ?? []));
  const asks = (isStatus || isWhole) && hasExpressions(resource, causes, next, current);
  const more = asks ? expressionCauses(resource, caller, next, current) : [];
  return andThen(more, (others) => refuseFor(facts, next, [...causes, ...others]));
}
