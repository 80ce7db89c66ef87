// Merges what a policy builds into an object, as server-side apply would, without noting who set what. Mirrors apiserver
// pkg/admission/plugin/policy/mutating/patch/smd.go: atomic parts may not be touched, because the rest of them would be lost.

import { isRecord } from "../../../core/index.ts";
import type { FieldSchema, KubernetesObject } from "../../../kubernetes/index.ts";
import { mergeRecords } from "../../api/index.ts";

/** Says which atomic parts the configuration would replace. */
export class AtomicPartError extends Error {
  override readonly name = "AtomicPartError";
}

export function applyConfiguration(
  object: KubernetesObject,
  configuration: Readonly<Record<string, unknown>>,
  schema: FieldSchema,
): KubernetesObject {
  const atomics = atomicParts(configuration, schema, "");
  if (atomics.length > 0) {
    throw new AtomicPartError(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(", ")}`,
    );
  }
  const { apiVersion, kind } = object;
  // Merging keeps what the object was, so its identity stays.
  return mergeRecords(
    { ...object },
    { ...configuration, apiVersion, kind },
    schema,
  ) as KubernetesObject;
}

function atomicParts(value: unknown, schema: FieldSchema, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const isAtomic = schema.listType === undefined || schema.listType === "atomic";
    const inner = value.flatMap((item, index) =>
      atomicParts(item, schema.items ?? {}, `${path}[${index}]`),
    );
    return isAtomic && path !== "" ? [path, ...inner] : inner;
  }
  if (!isRecord(value)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => {
    const own = schema.properties?.[name] ?? schema.additionalProperties;
    return own === undefined ? [] : atomicParts(member, own, `${path}.${name}`);
  });
  return schema.mapType === "atomic" ? [path, ...inner] : inner;
}
