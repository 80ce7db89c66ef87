// The schema of `metadata`, shared by every kind. A CustomResourceDefinition hardly describes it, yet the server holds
// custom objects to the same ObjectMeta as built-in ones.

import { builtinFacts } from "./builtin.facts.ts";
import { decodeFacts } from "./decode-facts.ts";
import { invariant } from "../../core/index.ts";
import type { FieldSchema } from "./schema.ts";

let objectMeta: FieldSchema | undefined;

/** The schema of `metadata` of every object. */
export function objectMetaSchema(): FieldSchema {
  return (objectMeta ??= readObjectMeta());
}

function readObjectMeta(): FieldSchema {
  const { table, schema } = decodeFacts(builtinFacts);
  const namespace = table.kinds?.find(({ kind }) => kind === "Namespace");
  const found = namespace && schema(namespace.schema).properties?.["metadata"];
  invariant(found !== undefined, "the built-in table has no Namespace");
  return found;
}

const TEXT: FieldSchema = { type: "string" };

/** The schema of a custom object: what its definition says, with `apiVersion`, `kind` and `metadata` as served. */
export function customRootSchema(root: FieldSchema): FieldSchema {
  const { metadata, ...rest } = root.properties ?? {};
  const properties = {
    apiVersion: TEXT,
    kind: TEXT,
    metadata: restrictedMeta(metadata),
    ...rest,
  };
  return { ...root, type: "object", properties };
}

/** A definition may restrict `metadata.name` and `metadata.generateName`, nothing else. */
function restrictedMeta(metadata: FieldSchema | undefined): FieldSchema {
  const meta = objectMetaSchema();
  const { name, generateName } = metadata?.properties ?? {};
  if (name === undefined && generateName === undefined) return meta;
  const own = { ...(name ? { name } : {}), ...(generateName ? { generateName } : {}) };
  return { ...meta, properties: { ...meta.properties, ...own } };
}
