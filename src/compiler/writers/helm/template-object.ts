// Splits the variants of one object into a template and the values each variant fills it with. What all share is written out,
// what differs, and what people look for in values, becomes a slot.

import { deepEqual, isRecord } from "../../../core/index.ts";
import { mergeKeyOf, sameKeys } from "../../layout/common-part.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { isKnob, LIBRARY_TEMPLATES } from "./library-chart.ts";

/** One field of a record whose value comes from the values. */
export interface Slot {
  /** Of the record, items of lists by their names. */
  readonly path: readonly string[];
  readonly field: string;
  /** Of the library; absent: written as it is. */
  readonly template?: string;
  /** One for each variant, in order; undefined where the variant has no such field. */
  readonly values: readonly unknown[];
}

export interface TemplatedObject {
  /** The object, with a member `slotKey(n)` for every group of slots. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Slots of one record that one line of the template writes. */
  readonly groups: readonly (readonly Slot[])[];
}

/** A member no object has; the writer turns its line into an action. */
export const slotKey = (group: number): string => `keelson-slot-${group}`;

export function templateObject(
  kind: string,
  variants: readonly Readonly<Record<string, unknown>>[],
  schema: FieldSchema | undefined,
): TemplatedObject {
  const walk: Walk = { kind, groups: [] };
  return { body: templateRecord(variants, schema, [], walk), groups: walk.groups };
}

type Fields = Readonly<Record<string, unknown>>;

interface Walk {
  readonly kind: string;
  readonly groups: (readonly Slot[])[];
}

function templateRecord(
  variants: readonly Fields[],
  schema: FieldSchema | undefined,
  path: readonly string[],
  walk: Walk,
): Fields {
  const written: Record<string, unknown> = {};
  const slots: Slot[] = [];
  for (const field of new Set(variants.flatMap((variant) => Object.keys(variant)))) {
    const values = variants.map((variant) => variant[field]);
    const template = libraryTemplate(walk.kind, path, field);
    const inside = schema?.properties?.[field] ?? schema?.additionalProperties;
    const at = [...path, field];
    if (template !== undefined) slots.push({ path, field, template, values });
    else if (isKnob(walk.kind, at) || !canWrite(values, inside))
      slots.push({ path, field, values });
    else written[field] = templateValue(values, inside, at, walk);
  }
  for (const group of grouped(slots)) written[slotKey(walk.groups.push(group) - 1)] = null;
  return written;
}

function libraryTemplate(kind: string, path: readonly string[], field: string): string | undefined {
  return LIBRARY_TEMPLATES.find(({ fields, isAt }) => fields.includes(field) && isAt(kind, path))
    ?.name;
}

/** Whether something can be written out: the whole, or records and lists that are the same in outline. */
function canWrite(values: readonly unknown[], schema: FieldSchema | undefined): boolean {
  const [first] = values;
  if (values.every((value) => deepEqual(value, first))) return true;
  if (values.every(isRecord)) return values.every((value) => Object.keys(value).length > 0);
  return values.every(Array.isArray) && listKey(values, schema) !== undefined;
}

function templateValue(
  values: readonly unknown[],
  schema: FieldSchema | undefined,
  path: readonly string[],
  walk: Walk,
): unknown {
  if (values.every(isRecord)) return templateRecord(values, schema, path, walk);
  if (!values.every(Array.isArray)) return values[0];
  const key = listKey(values, schema);
  if (key === undefined) return values[0];
  return values[0]?.map((item: Fields, index) => {
    // Items of a keyed list are records.
    const variants = values.map((list) => list[index] as Fields);
    return templateRecord(variants, schema?.items, [...path, String(item[key])], walk);
  });
}

function listKey(
  lists: readonly (readonly unknown[])[],
  schema: FieldSchema | undefined,
): string | undefined {
  const key = mergeKeyOf(schema);
  return key !== undefined && sameKeys(lists, key) ? key : undefined;
}

/** By the template that writes them. */
function grouped(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const names = [...new Set(slots.map(({ template }) => template))];
  return names.map((name) => slots.filter(({ template }) => template === name));
}
