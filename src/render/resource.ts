// An object on its way through a build, with the names it had before.

import { isRecord } from "../core/index.ts";
import { displayRef, parseApiVersion, type ObjectRef } from "../kubernetes/index.ts";
import { isClusterScoped } from "./kustomize-kinds.ts";

/** Changed in place while it is built. */
export interface Resource {
  readonly object: ResourceObject;
  /** The ids it had before, oldest first. */
  readonly previous: ObjectRef[];
}

export type ResourceObject = Record<string, unknown> & {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown> & { name: string };
};

export function idOf({ object }: Resource): ObjectRef {
  const { apiVersion, kind, metadata } = object;
  const { namespace } = metadata;
  const id = { apiVersion, kind, name: metadata.name };
  return typeof namespace === "string" && namespace !== "" ? { ...id, namespace } : id;
}

/** Every id, the present one last. */
export function idsOf(resource: Resource): readonly ObjectRef[] {
  return [...resource.previous, idOf(resource)];
}

/** The same object: a missing namespace is `default`, and none matters for cluster-scoped kinds. */
export function isSameId(a: ObjectRef, b: ObjectRef): boolean {
  if (a.apiVersion !== b.apiVersion || a.kind !== b.kind || a.name !== b.name) return false;
  return effectiveNamespace(a) === effectiveNamespace(b);
}

export function effectiveNamespace(id: ObjectRef): string {
  return isClusterScoped(id) ? "" : id.namespace || "default";
}

export function describeId(id: ObjectRef): string {
  return displayRef(id);
}

/** What is wrong with a document that should be an object; `undefined` when nothing is. */
export function objectProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return "not a record";
  for (const field of ["apiVersion", "kind"]) {
    if (typeof value[field] !== "string" || value[field] === "") return `${field} is missing`;
  }
  const metadata = value["metadata"];
  if (!isRecord(metadata)) return "metadata is missing";
  const { name } = metadata;
  return typeof name === "string" && name !== "" ? undefined : "metadata.name is missing";
}

/** The group and version of a kind reference, for target selectors. */
export function groupVersionOf({ apiVersion }: ObjectRef): {
  readonly group: string;
  readonly version: string;
} {
  return parseApiVersion(apiVersion);
}

/** A record inside an object; created, or `undefined`, when it is not there. */
export function recordAt(
  object: Record<string, unknown>,
  path: readonly string[],
  create: boolean,
): Record<string, unknown> | undefined {
  let record = object;
  for (const key of path) {
    const next = record[key];
    if (isRecord(next)) record = next;
    else if (!create || (next !== undefined && next !== null)) return undefined;
    else {
      const created = {};
      record[key] = created;
      record = created;
    }
  }
  return record;
}
