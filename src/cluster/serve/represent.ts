// Objects and lists in the form a client asked for: as they are, as a table, or reduced to their metadata.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { partialMetadata, partialMetadataList } from "../api/printers/partial-metadata.ts";
import type { ListMetadata } from "../api/printers/partial-metadata.ts";
import { toTable } from "../api/printers/table.ts";
import type { IncludeObject, TableOptions } from "../api/printers/table.ts";
import { badRequest } from "../api/refusals.ts";
import type { Resource } from "../api/resource.ts";
import type { Representation } from "./accept.ts";
import { listSlices, objectText } from "./object-text.ts";

export interface RepresentOptions {
  readonly representation: Representation;
  /** Query parameter of tables. */
  readonly includeObject: IncludeObject;
  /** Cluster time. */
  readonly now: number;
}

/** Throws StatusError 400 for anything but the three values. */
export function readIncludeObject(query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject") ?? "";
  switch (value) {
    case "":
    case "Metadata":
      return "Metadata";
    case "None":
    case "Object":
      return value;
    default:
      throw badRequest(`unrecognized includeObject value: ${JSON.stringify(value)}`);
  }
}

export function objectJson(
  resource: Resource,
  object: KubernetesObject,
  options: RepresentOptions,
): string {
  switch (options.representation.transform) {
    case "none":
      return objectText(object);
    case "metadata":
      return JSON.stringify(partialMetadata(object, options.representation.version));
    case "table":
      return tableJson(resource, [object], versionOf(object), options);
  }
}

/** The text of a list, in slices where it may be long. */
export function listJson(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMetadata,
  options: RepresentOptions,
): Iterable<Buffer> {
  const { transform, version } = options.representation;
  if (transform === "table") return [Buffer.from(tableJson(resource, objects, metadata, options))];
  if (transform === "metadata")
    return [Buffer.from(JSON.stringify(partialMetadataList(objects, metadata, version)))];
  return listSlices({
    apiVersion: resource.apiVersion,
    kind: resource.facts.listKind,
    itemKind: resource.facts.kind,
    metadata,
    items: objects,
    isCustom: resource.facts.custom !== undefined,
  });
}

/** One event's object; tables name their columns only the first time. */
export function eventObjectJson(
  resource: Resource,
  object: KubernetesObject,
  options: RepresentOptions & { readonly isBookmark: boolean; readonly isFirst: boolean },
): string {
  if (options.representation.transform !== "table") return objectJson(resource, object, options);
  const rows = options.isBookmark ? [] : [object];
  return tableJson(resource, rows, versionOf(object), options, options.isFirst);
}

function tableJson(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMetadata,
  { representation, includeObject, now }: RepresentOptions,
  withColumns = true,
): string {
  const { version } = representation;
  const options: TableOptions = { now, includeObject, version, metadata, withColumns };
  return JSON.stringify(toTable(objects, resource, options));
}

function versionOf({ metadata }: KubernetesObject): ListMetadata {
  return { resourceVersion: metadata.resourceVersion ?? "" };
}
