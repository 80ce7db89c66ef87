// What admission is told about a request: built here for every verb, so that plug-ins see the same whoever asks.
// Mirrors k8s.io/apiserver pkg/endpoints/handlers and pkg/admission/attributes.go.

import { andThen, isRecord } from "../../core/index.ts";
import type { Soon } from "../../core/index.ts";
import type {
  AdmissionRequest,
  GroupVersionKind,
  KubernetesObject,
  LiveObjects,
} from "../../kubernetes/index.ts";
import type { AdmissionAttributes } from "./admission.ts";
import type { ApiContext } from "./api-context.ts";
import { toVersion } from "./conversion/convert.ts";
import type { ResourceRegistry } from "./registry.ts";
import { storeKey } from "./resource.ts";
import type { Store } from "../store/index.ts";
import type { DeleteSettings } from "./verbs/delete-settings.ts";
import type { ResourceTarget, UpdateRequest, WriteSettings } from "./verbs/requests.ts";

/** What every verb's request says. */
interface Requested extends ResourceTarget {
  readonly subresource: string;
  readonly dryRun: boolean;
}

interface Stated {
  readonly operation: AdmissionRequest["operation"];
  /** Default: the kind of the resource. */
  readonly kind?: GroupVersionKind;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly oldObject?: KubernetesObject;
}

export function admissionAttributes(
  api: ApiContext,
  { resource: { facts }, namespace, caller, subresource, dryRun }: Requested,
  stated: Stated,
): AdmissionAttributes {
  const { operation, name, options, oldObject } = stated;
  const { group, version, kind } = stated.kind ?? facts;
  const isNamespace = facts.group === "" && facts.kind === "Namespace";
  return {
    operation,
    facts,
    kind: { group, version, kind },
    subresource,
    namespace: isNamespace ? name : (namespace ?? ""),
    name,
    user: caller.user,
    dryRun,
    options,
    oldObject,
    live: api.live,
    warn: (message) => caller.warn(message),
    annotate: (key, value) => caller.annotate?.(key, value),
  };
}

/** Admits the creation of a body that is never stored: a Binding, an Eviction, a TokenRequest. Answers the admitted body. */
export function admitBody(
  api: ApiContext,
  request: UpdateRequest,
  kind: GroupVersionKind,
): Soon<KubernetesObject> {
  const object = (isRecord(request.body) ? request.body : {}) as KubernetesObject;
  const options = writeOptions("CreateOptions", request);
  const admission = admissionAttributes(api, request, {
    operation: "CREATE",
    name: request.name,
    kind,
    options,
  });
  return andThen(api.admission.mutate(admission, object), (admitted = object) =>
    andThen(api.admission.validate(admission, admitted), () => admitted),
  );
}

type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions";

const OPTIONS_VERSION = "meta.k8s.io/v1";

/** Only what the client stated, as the server hands it on. */
export function writeOptions(
  kind: OptionsKind,
  { dryRun, fieldManager, fieldValidation }: WriteSettings,
): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = { kind, apiVersion: OPTIONS_VERSION };
  if (dryRun) options["dryRun"] = ["All"];
  if (fieldManager !== undefined) options["fieldManager"] = fieldManager;
  if (fieldValidation !== "Warn") options["fieldValidation"] = fieldValidation;
  return options;
}

export function deleteOptions({
  dryRun,
  gracePeriodSeconds,
  propagationPolicy,
  preconditions,
}: DeleteSettings): Readonly<Record<string, unknown>> {
  return {
    kind: "DeleteOptions",
    apiVersion: OPTIONS_VERSION,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(dryRun ? { dryRun: ["All"] } : {}),
  };
}

/** Reads the store as it is now, in the version asked for. */
export function createLiveObjects(store: Store, registry: ResourceRegistry): LiveObjects {
  return {
    get({ apiVersion, kind, namespace, name }) {
      const resource = registry.byKind(apiVersion, kind);
      const stored = resource && store.get(storeKey(resource, namespace, name));
      return resource && stored && toVersion(resource, stored);
    },
    list({ apiVersion, kind }, namespace) {
      const resource = registry.byKind(apiVersion, kind);
      if (resource === undefined) return [];
      const stored = store.list({ resource: resource.storeResource, namespace });
      return resource.apiVersion === resource.storageVersion
        ? stored
        : stored.map((object) => toVersion(resource, object));
    },
  };
}
