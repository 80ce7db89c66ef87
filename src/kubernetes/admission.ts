// The contract of admission: who may change a write (mutate) or refuse it (validate) before it is stored. The embedded
// cluster runs its own plug-ins and those of components through this one shape; they refuse by throwing StatusError.
// Mirrors k8s.io/apiserver pkg/admission (Attributes, MutationInterface, ValidationInterface).

import type { GroupVersionKind, KindRef } from "./gvk.ts";
import type { KubernetesObject, ObjectRef } from "./object.ts";
import type { KindFacts } from "./schemas/schema.ts";
import { statusError } from "./status.ts";
import type { StatusCause, StatusError } from "./status.ts";
import type { UserInfo } from "./user-info.ts";

/** The cluster as it is stored at this moment, in whichever served version is asked for. */
export interface LiveObjects {
  /** Undefined when the object, or its kind, is not there. */
  get(ref: ObjectRef): KubernetesObject | undefined;
  /** Over all namespaces when none is given; empty when the kind is not served. */
  list(kind: KindRef, namespace?: string): readonly KubernetesObject[];
}

export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  /** Of the resource in the path, also for requests to a subresource of it. */
  readonly facts: KindFacts;
  /** Of the body: Scale, Binding, Eviction and TokenRequest differ from what `facts` says. */
  readonly kind: GroupVersionKind;
  readonly subresource: string;
  /** A Namespace is in the namespace of its own name; empty for other cluster-scoped kinds. */
  readonly namespace: string;
  /** Empty while the name of a new object is still to be generated. */
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions, with apiVersion and kind. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Absent on DELETE and on most subresources of CONNECT. */
  readonly object: KubernetesObject | undefined;
  /** Present on UPDATE and DELETE. */
  readonly oldObject: KubernetesObject | undefined;
  readonly live: LiveObjects;
  /** The mutating plug-ins run a second time because a webhook or a policy changed the object. */
  readonly isReinvocation: boolean;
  /** Has the mutating plug-ins run once more after this round. */
  reinvoke(): void;
  /** Becomes a Warning header. */
  warn(message: string): void;
  /** An annotation of the audit event; the key is qualified by the plug-in's domain. */
  annotate(key: string, value: string): void;
}

/** What decides whether a request concerns a plug-in at all. */
export type AdmissionSubject = Pick<AdmissionRequest, "operation" | "facts" | "subresource">;

export interface AdmissionPlugin {
  /** The place in the chain follows from it; names the server does not know run where webhooks do. */
  readonly name: string;
  /** Whether a plug-in unknown to the server runs again when another changed the object after it. Default `Never`. */
  readonly reinvocation?: "Never" | "IfNeeded";
  /** Whether requests of this kind are shown to the plug-in; the chain remembers the answer. Default: all are. */
  readonly handles?: (subject: AdmissionSubject) => boolean;
  /** Returns the object to go on with. */
  readonly mutate?: (
    request: AdmissionRequest,
  ) => KubernetesObject | undefined | Promise<KubernetesObject | undefined>;
  readonly validate?: (request: AdmissionRequest) => void | Promise<void>;
}

/** Where a request takes its new object and its plug-ins get their kinds from: `pods`, or `deployments.apps`. */
export function isFor(
  { facts, subresource }: Pick<AdmissionRequest, "facts" | "subresource">,
  resource: string,
  asked = "",
): boolean {
  const own = facts.group === "" ? facts.resource : `${facts.resource}.${facts.group}`;
  return own === resource && subresource === asked;
}

/** The refusal of a plug-in: names the object as far as its name is known. */
export function admissionForbidden(
  request: Pick<AdmissionRequest, "facts" | "name" | "object">,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const { group, resource } = request.facts;
  const name = nameOf(request);
  const subject = group === "" ? resource : `${resource}.${group}`;
  return statusError("Forbidden", `${subject} ${JSON.stringify(name)} is forbidden: ${why}`, {
    name,
    ...(group === "" ? {} : { group }),
    kind: resource,
    ...(causes === undefined ? {} : { causes }),
  });
}

function nameOf({ name, object }: Pick<AdmissionRequest, "name" | "object">): string {
  if (name !== "") return name;
  if (object === undefined) return "Unknown";
  return object.metadata.name || object.metadata.generateName || "Unknown";
}
