// Custom objects: metadata in shape as for built-in kinds, everything else pruned and defaulted by the structural schema.

import { formatPath } from "../../../core/index.ts";
import { defaultValue, pruneValue, validateObject } from "../../../kubernetes/index.ts";
import type { FieldSchema, KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import { decodeValue } from "./decode-value.ts";
import type { DecodeFaults } from "./decode-value.ts";

export function decodeCustom(
  { facts }: Resource,
  object: KubernetesObject,
  faults: DecodeFaults,
): KubernetesObject {
  const { metadata, ...rest } = object;
  const metadataSchema: FieldSchema = facts.schema.properties?.["metadata"] ?? {};
  const shaped = decodeValue(metadata, metadataSchema, "metadata", faults) ?? {};
  for (const problem of validateObject(rest, facts)) {
    if (problem.kind === "unknown-field") faults.unknown.push(formatPath(problem.path));
  }
  const pruned = defaultValue(pruneValue(rest, facts.schema), facts.schema);
  // Pruning and defaulting keep the record a record; identity was checked by the caller.
  return { ...(pruned as KubernetesObject), metadata: shaped as KubernetesObject["metadata"] };
}
