// From a request body to an object of a kind: shape, defaults, unknown fields by `fieldValidation`.

import { isRecord } from "../../../core/index.ts";
import { StatusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject, Status } from "../../../kubernetes/index.ts";
import type { Caller } from "../caller.ts";
import { applyDefaultRules } from "../defaults/default-rules.ts";
import { badRequest } from "../refusals.ts";
import type { Resource } from "../resource.ts";
import { decodeCustom } from "./decode-custom.ts";
import { decodeRoot } from "./decode-value.ts";
import { startWalk } from "./decode-walk.ts";
import type { DecodeWalk, TypeMismatch } from "./decode-walk.ts";
import { goType } from "./go-type.ts";
import { conversionFault } from "./unstructured-conversion.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface DecodeOptions {
  readonly fieldValidation: FieldValidation;
  readonly caller: Caller;
  /** Found by the parser of the body: duplicate keys, in the parser's words. */
  readonly duplicates?: readonly string[];
  /** An object in shape, of the same kind; parts shared with it are not looked at again. */
  readonly known?: KubernetesObject | undefined;
}

/** The body cannot be decoded. `why` is the decoder's own sentence, for patches, which answer 422 with it. */
export class DecodeError extends StatusError {
  readonly why: string;
  /** The sentence of whoever converts fields instead of text: strategic merge patches. */
  readonly whyConverted: string;

  constructor(status: Status, why: string, whyConverted = why) {
    super(status);
    this.why = why;
    this.whyConverted = whyConverted;
  }
}

/** The object in shape and with defaults. Throws StatusError 400. */
export function decodeObject(
  resource: Resource,
  body: unknown,
  options: DecodeOptions,
): KubernetesObject {
  const object = identify(resource, body);
  const walk = startWalk();
  const decoded =
    resource.facts.custom === undefined
      ? decodeRoot(object, resource.facts.schema, options.known, walk)
      : decodeCustom(resource, object, walk);
  const [mismatch] = walk.mismatched;
  if (mismatch !== undefined) throw mismatched(resource, mismatch);
  report(resource, walk, options);
  return withDefaults(resource, decoded as KubernetesObject, options.known);
}

/** What is left out is filled in: of what a client sends, and of what admission has put in. */
export function withDefaults(
  { strategy }: Resource,
  object: KubernetesObject,
  known?: KubernetesObject,
): KubernetesObject {
  const canonical = strategy.canonicalize?.(object) ?? object;
  return strategy.defaults === undefined
    ? canonical
    : applyDefaultRules(canonical, strategy.defaults, known);
}

/** Checks apiVersion and kind against the resource, and fills them in where a built-in body leaves them out. */
function identify(resource: Resource, body: unknown): KubernetesObject {
  const { facts, apiVersion } = resource;
  if (!isRecord(body))
    throw cannotHandle(resource, facts.kind, "couldn't get version/kind; json parse error");
  const { apiVersion: givenVersion, kind: givenKind } = body;
  const kind = typeof givenKind === "string" && givenKind !== "" ? givenKind : facts.kind;
  const version =
    typeof givenVersion === "string" && givenVersion !== "" ? givenVersion : apiVersion;
  if (version !== apiVersion || kind !== facts.kind) throw wrongKind(resource, version, kind);
  const metadata = isRecord(body["metadata"]) ? body["metadata"] : {};
  if (givenVersion === apiVersion && givenKind === facts.kind && metadata === body["metadata"]) {
    // The schema check that follows establishes the rest of the shape.
    return body as unknown as KubernetesObject;
  }
  return { ...body, apiVersion, kind, metadata } as unknown as KubernetesObject;
}

function wrongKind(resource: Resource, apiVersion: string, kind: string): Error {
  const { facts } = resource;
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  if (facts.custom !== undefined) {
    return badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`,
    );
  }
  if (apiVersion !== resource.apiVersion) {
    const why = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
    return badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${facts.kind}: ${why}`,
    );
  }
  const internal = facts.group === "" ? "core" : facts.group.split(".")[0];
  const why = `converting (${version}.${kind}) to (${internal}.${facts.kind}): unknown conversion`;
  return badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${facts.kind}: ${why}`,
  );
}

function cannotHandle(
  { facts }: Resource,
  kind: string,
  why: string,
  whyConverted?: string,
): StatusError {
  const { status } = badRequest(
    `${kind} in version ${JSON.stringify(facts.version)} cannot be handled as a ${facts.kind}: ${why}`,
  );
  return new DecodeError(status, why, whyConverted);
}

function mismatched(resource: Resource, mismatch: TypeMismatch): StatusError {
  const { path, actual, value, schema } = mismatch;
  if (schema.format === "quantity") {
    const why =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    return cannotHandle(resource, resource.facts.kind, why);
  }
  const struct = path.startsWith("metadata.") ? "ObjectMeta" : resource.facts.kind;
  const field = `${struct}.${path.replaceAll(/\[\d+\]/g, "")}`;
  const why = `json: cannot unmarshal ${actual} into Go struct field ${field} of type ${goType(schema)}`;
  return cannotHandle(resource, resource.facts.kind, why, conversionFault(value, schema));
}

function report(resource: Resource, walk: DecodeWalk, options: DecodeOptions): void {
  if (options.fieldValidation === "Ignore") return;
  const unknown = walk.unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  const problems = [...(options.duplicates ?? []), ...unknown];
  if (problems.length === 0) return;
  if (options.fieldValidation === "Warn") {
    for (const problem of problems) options.caller.warn(problem);
    return;
  }
  const why = `strict decoding error: ${[...strictDuplicates(options), ...unknown].join(", ")}`;
  throw cannotHandle(resource, resource.facts.kind, why);
}

/** The YAML parser's findings come as one, under a heading. */
function strictDuplicates({ duplicates = [] }: DecodeOptions): readonly string[] {
  const lines = duplicates.filter((one) => one.startsWith("line "));
  if (lines.length === 0) return duplicates;
  return [["yaml: unmarshal errors:", ...lines].join("\n  ")];
}
