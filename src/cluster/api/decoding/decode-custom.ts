// Custom objects: metadata in shape as for built-in kinds, everything else pruned and defaulted by the structural schema.

import { formatPath } from "../../../core/index.ts";
import { defaultValue, pruneValue, validateObject } from "../../../kubernetes/index.ts";
import type { FieldSchema, KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import { decodeValue } from "./decode-value.ts";
import { startWalk } from "./decode-walk.ts";
import type { DecodeWalk } from "./decode-walk.ts";

export function decodeCustom(
  { facts }: Resource,
  object: KubernetesObject,
  walk: DecodeWalk,
): KubernetesObject {
  const { metadata, ...rest } = object;
  const metadataSchema: FieldSchema = facts.schema.properties?.["metadata"] ?? {};
  const inner = startWalk("metadata");
  const shaped = decodeValue(metadata, metadataSchema, inner) ?? {};
  walk.mismatched.push(...inner.mismatched);
  for (const problem of validateObject(rest, facts)) {
    if (problem.kind === "unknown-field") walk.unknown.push(formatPath(problem.path));
  }
  walk.unknown.push(...inner.unknown);
  const pruned = defaultValue(pruneValue(rest, facts.schema), facts.schema);
  // Pruning and defaulting keep the record a record; identity was checked by the caller.
  return { ...(pruned as KubernetesObject), metadata: shaped as KubernetesObject["metadata"] };
}
