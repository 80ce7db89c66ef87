// The refusals of this API, one constructor each, in the words of apimachinery pkg/api/errors.

import { StatusError, failure, statusError } from "../../kubernetes/index.ts";
import type {
  KindFacts,
  KubernetesObject,
  StatusCause,
  StatusDetails,
} from "../../kubernetes/index.ts";

type Names = Pick<KindFacts, "group" | "resource">;

function details({ group, resource }: Names, name: string): StatusDetails {
  return { name, ...(group === "" ? {} : { group }), kind: resource };
}

/** `deployments.apps`, or `pods` in the core group. */
export function qualifiedResource({ group, resource }: Names): string {
  return group === "" ? resource : `${resource}.${group}`;
}

export function notFound(names: Names, name: string): StatusError {
  const message = `${qualifiedResource(names)} ${JSON.stringify(name)} not found`;
  return statusError("NotFound", message, details(names, name));
}

export function alreadyExists(names: Names, name: string): StatusError {
  const message = `${qualifiedResource(names)} ${JSON.stringify(name)} already exists`;
  return statusError("AlreadyExists", message, details(names, name));
}

export function conflict(names: Names, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(names)} ${JSON.stringify(name)}: ${why}`;
  return statusError("Conflict", message, details(names, name));
}

export const MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

export function forbidden(
  names: Names,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const subject =
    name === "" ? qualifiedResource(names) : `${qualifiedResource(names)} ${JSON.stringify(name)}`;
  const detail = name === "" ? withoutName(details(names, name)) : details(names, name);
  return statusError("Forbidden", `${subject} is forbidden: ${why}`, {
    ...detail,
    ...(causes === undefined ? {} : { causes }),
  });
}

function withoutName({ name: _name, ...rest }: StatusDetails): StatusDetails {
  return rest;
}

export function badRequest(message: string): StatusError {
  return statusError("BadRequest", message);
}

export function methodNotAllowed({ group, resource }: Names, verb: string): StatusError {
  return statusError(
    "MethodNotAllowed",
    `${verb} is not supported on resources of kind "${qualifiedResource({ group, resource })}"`,
    { ...(group === "" ? {} : { group }), kind: resource },
  );
}

export function unsupportedMediaType(message: string): StatusError {
  return statusError("UnsupportedMediaType", message);
}

/** A 500 that carries no reason, as the server answers for an error it did not expect. */
export function internalError(message: string): StatusError {
  const { reason: _reason, ...status } = failure("InternalError", message);
  return new StatusError(status);
}

/** Throws 422 when there is anything against the object. */
export function refuseFor(
  facts: Pick<KindFacts, "group" | "kind">,
  { metadata }: KubernetesObject,
  causes: readonly StatusCause[],
): void {
  if (causes.length > 0) throw invalid(facts, metadata.name, causes);
}

/** 422 with one cause per field; several messages are joined in brackets. */
export function invalid(
  { group, kind }: Pick<KindFacts, "group" | "kind">,
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const joined = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const subject = group === "" ? kind : `${kind}.${group}`;
  return statusError("Invalid", `${subject} ${JSON.stringify(name)} is invalid: ${joined}`, {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    ...(kind === "" ? {} : { kind }),
    causes,
  });
}
