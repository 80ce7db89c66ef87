// How values of a schema are read, worked out once per schema: schemas are many small objects of many shapes, and looking
// the same few properties up for every field of every write is most of what decoding costs.

import type { FieldSchema } from "../../../kubernetes/index.ts";

export type Reads =
  | "struct"
  | "map"
  | "list"
  | "quantity"
  | "int-or-string"
  | "anything"
  | NonNullable<FieldSchema["type"]>;

export interface DecodePlan {
  readonly schema: FieldSchema;
  readonly reads: Reads;
  /** What lies below, looked at when it is met: schemas refer to themselves. */
  fields: ReadonlyMap<string, DecodePlan> | undefined;
  item: DecodePlan | undefined;
}

const plans = new WeakMap<FieldSchema, DecodePlan>();

export function planOf(schema: FieldSchema): DecodePlan {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = { schema, reads: readsOf(schema), fields: undefined, item: undefined };
    plans.set(schema, plan);
  }
  return plan;
}

/** The fields of a struct by name. */
export function fieldsOf(plan: DecodePlan): ReadonlyMap<string, DecodePlan> {
  return (plan.fields ??= new Map(
    Object.entries(plan.schema.properties ?? {}).map(([name, schema]) => [name, planOf(schema)]),
  ));
}

/** The items of a list, or the values of a map. */
export function itemOf(plan: DecodePlan): DecodePlan {
  const { items, additionalProperties } = plan.schema;
  return (plan.item ??= planOf((plan.reads === "map" ? additionalProperties : items) ?? {}));
}

function readsOf(schema: FieldSchema): Reads {
  if (schema.properties !== undefined) return "struct";
  if (schema.additionalProperties !== undefined) return "map";
  if (schema.items !== undefined) return "list";
  if (schema.format === "quantity") return "quantity";
  if (schema.intOrString === true || schema.format === "int-or-string") return "int-or-string";
  return schema.type ?? "anything";
}
