// May somebody do something: SubjectAccessReview, of oneself, and in one namespace.
// Mirrors kubernetes pkg/registry/authorization and pkg/apis/authorization/validation/validation.go.

import { isRecord } from "../../core/index.ts";
import type {
  KubernetesObject,
  RequestAttributes,
  StatusCause,
  UserInfo,
} from "../../kubernetes/index.ts";
import { invalidField } from "../api/field-error.ts";
import { badRequest, invalid } from "../api/refusals.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import { answeredReview, decodeReview } from "./review-object.ts";
import type { ReviewAnswer } from "./review-object.ts";
import type { CreationRequest } from "./server-context.ts";

type Scope = Readonly<Record<string, unknown>>;

export function reviewAccess(request: CreationRequest): ReviewAnswer {
  const review = decodeReview(request);
  refuse([...specFaults(review), ...userFaults(review), ...metadataFaults(review, "")]);
  return answer(request, attributesIn(review, namedUser(review)));
}

export function reviewOwnAccess(request: CreationRequest): ReviewAnswer {
  const review = decodeReview(request);
  refuse([...specFaults(review), ...metadataFaults(review, "")]);
  return answer(request, attributesIn(review, request.caller.user));
}

export function reviewLocalAccess(request: CreationRequest): ReviewAnswer {
  const { namespace = "" } = request;
  const review = decodeReview(request);
  const given = review.metadata?.namespace ?? "";
  if (given !== "" && given !== namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  refuse([
    ...specFaults(review),
    ...userFaults(review),
    ...metadataFaults(review, namespace),
    ...localFaults(review, namespace),
  ]);
  const body = { ...request.body, metadata: { ...recordAt(request.body, "metadata"), namespace } };
  return answer({ ...request, body }, attributesIn(review, namedUser(review)));
}

function answer(request: CreationRequest, attributes: RequestAttributes): ReviewAnswer {
  const { decision, reason = "" } = request.api.authorizer(attributes);
  const status = { allowed: decision === "allow", ...(reason === "" ? {} : { reason }) };
  return answeredReview(request, status);
}

function specFaults(review: KubernetesObject): readonly StatusCause[] {
  const { resourceAttributes: about, nonResourceAttributes: path } = recordAt(review, "spec");
  if (isRecord(about) && isRecord(path)) {
    const why = "cannot be specified in combination with resourceAttributes";
    return [invalidField("spec.nonResourceAttributes", printedPath(path), why)];
  }
  if (isRecord(about) || isRecord(path)) return [];
  const why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
  return [invalidField("spec.resourceAttributes", null, why)];
}

/** As the server prints a value of its own types. */
function printedPath(path: Scope): Scope {
  return { Path: textAt(path, "path"), Verb: textAt(path, "verb") };
}

function userFaults(review: KubernetesObject): readonly StatusCause[] {
  const { name, groups } = namedUser(review);
  if (name !== "" || groups.length > 0) return [];
  return [invalidField("spec.user", "", "at least one of user or group must be specified")];
}

/** A review has no name; only a local one has a namespace. */
function metadataFaults(review: KubernetesObject, namespace: string): readonly StatusCause[] {
  const { namespace: own, managedFields: _managedFields, ...rest } = review.metadata ?? {};
  const isPlaced = namespace === "" && (own ?? "") !== "";
  const isEmpty = Object.values(rest).every((value) => value === undefined || value === null);
  if (isEmpty && !isPlaced) return [];
  const why = namespace === "" ? "must be empty" : "must be empty except for namespace";
  return [invalidField("metadata", review.metadata, why)];
}

function localFaults(review: KubernetesObject, namespace: string): readonly StatusCause[] {
  const { resourceAttributes: about, nonResourceAttributes: path } = recordAt(review, "spec");
  const asked = isRecord(about) ? textAt(about, "namespace") : namespace;
  const elsewhere = invalidField(
    "spec.resourceAttributes.namespace",
    asked,
    "must match metadata.namespace",
  );
  return [
    ...(asked === namespace ? [] : [elsewhere]),
    ...(isRecord(path)
      ? [
          invalidField(
            "spec.nonResourceAttributes",
            printedPath(path),
            "disallowed on this kind of request",
          ),
        ]
      : []),
  ];
}

/** The API server names no kind here. */
function refuse(causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid({ group: "authorization.k8s.io", kind: "" }, "", causes);
}

function namedUser(review: KubernetesObject): UserInfo {
  const spec = recordAt(review, "spec");
  const { groups, uid, extra } = spec;
  return {
    name: textAt(spec, "user"),
    groups: textList(groups),
    ...(typeof uid === "string" ? { uid } : {}),
    ...(isRecord(extra)
      ? {
          extra: Object.fromEntries(
            Object.entries(extra).map(([key, list]) => [key, textList(list)]),
          ),
        }
      : {}),
  };
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function attributesIn(review: KubernetesObject, user: UserInfo): RequestAttributes {
  const spec = recordAt(review, "spec");
  const about = recordAt(spec, "resourceAttributes");
  const path = spec["nonResourceAttributes"];
  const attributes = {
    user,
    verb: textAt(about, "verb"),
    group: textAt(about, "group"),
    version: textAt(about, "version"),
    resource: textAt(about, "resource"),
    subresource: textAt(about, "subresource"),
    namespace: textAt(about, "namespace"),
    name: textAt(about, "name"),
  };
  if (!isRecord(path)) return attributes;
  return { ...attributes, verb: textAt(path, "verb"), path: textAt(path, "path") };
}
