// What a write added, changed and removed, as three field sets. Parts that are the same object are skipped, so that
// comparing an object with its rewritten self costs only what was rewritten. Mirrors structured-merge-diff typed/compare.go.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { fieldElement, sharedSet } from "./elements.ts";
import { EMPTY_SET, makeNode } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldSchema, indexItems, itemElement, itemSchema, shapeOf } from "./typed-value.ts";
import type { Fields, Items, ValueShape } from "./typed-value.ts";

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type Part = keyof Comparison;
/** A set that grows: its elements, and what lies below each of them. */
interface Growing {
  readonly elements: string[];
  readonly nodes: FieldSet[];
}

/** What was found so far on one level; a part nobody touched is absent. */
type Sets = Partial<Record<Part, Growing>>;
/** Nodes of one path; absent means untouched. */
type Touched = Partial<Record<Part, FieldSet>>;

/** Members of `ignored` are fields of the object itself that are not compared. */
export function compareObjects(
  before: Fields,
  after: Fields,
  schema: FieldSchema,
  ignored: FieldSet = EMPTY_SET,
): Comparison {
  const { added, modified, removed } = compareFields(before, after, schema, ignored);
  return { added: setOf(added), modified: setOf(modified), removed: setOf(removed) };
}

function setOf(found: Growing | undefined): FieldSet {
  return found === undefined ? EMPTY_SET : sharedSet(found.elements, found.nodes);
}

function compareFields(
  before: Fields,
  after: Fields,
  schema: FieldSchema,
  ignored: FieldSet = EMPTY_SET,
): Sets {
  const sets: Sets = {};
  for (const key of Object.keys(after)) {
    if (before[key] === after[key] || isIgnored(ignored, key)) continue;
    collect(sets, fieldElement(key), before[key], after[key], fieldSchema(schema, key));
  }
  for (const key of Object.keys(before)) {
    if (Object.hasOwn(after, key) || isIgnored(ignored, key)) continue;
    collect(sets, fieldElement(key), before[key], undefined, fieldSchema(schema, key));
  }
  return sets;
}

function isIgnored(ignored: FieldSet, key: string): boolean {
  return ignored !== EMPTY_SET && Object.hasOwn(ignored, fieldElement(key));
}

function collect(
  sets: Sets,
  element: string,
  before: unknown,
  after: unknown,
  schema: FieldSchema,
): void {
  if (before === after) return;
  if (before === undefined) return note(sets, "added", element, addedNode(after, schema));
  const touched = compareOnce(before, after, schema);
  note(sets, "added", element, touched.added);
  note(sets, "modified", element, touched.modified);
  note(sets, "removed", element, touched.removed);
}

function note(sets: Sets, part: Part, element: string, node: FieldSet | undefined): void {
  if (node === undefined) return;
  const { elements, nodes } = (sets[part] ??= { elements: [], nodes: [] });
  elements.push(element);
  nodes.push(node);
}

interface Compared {
  readonly before: object;
  readonly schema: FieldSchema;
  readonly touched: Touched;
}

/** Frozen value → what it was compared with last: pods of one template share their spec, and what nodes say of them. */
const lastCompared = new WeakMap<object, Compared>();

function compareOnce(before: unknown, after: unknown, schema: FieldSchema): Touched {
  if (!isShared(before) || !isShared(after)) return compareValues(before, after, schema);
  const known = lastCompared.get(after);
  if (known?.before === before && known.schema === schema) return known.touched;
  const touched = compareValues(before, after, schema);
  lastCompared.set(after, { before, schema, touched });
  return touched;
}

function isShared(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.isFrozen(value);
}

/** Frozen value → its set as a whole. */
const addedWholly = new WeakMap<
  object,
  { readonly schema: FieldSchema; readonly node: FieldSet }
>();

/** `before` is there; what was not is noted without a comparison. */
function compareValues(before: unknown, after: unknown, schema: FieldSchema): Touched {
  const shape = commonShape(before, after, schema);
  if (shape === "leaf" || (isBlank(before) && isBlank(after))) return compareLeaves(before, after);
  const { added, modified, removed } =
    shape === "record"
      ? compareFields(recordOf(before), recordOf(after), schema)
      : compareItems(itemsOf(before), itemsOf(after), schema);
  const result: Touched = {};
  if (added !== undefined) setNode(result, "added", makeNode(false, setOf(added)));
  if (modified !== undefined) setNode(result, "modified", makeNode(false, setOf(modified)));
  setNode(result, "removed", makeNode(after === undefined, setOf(removed)));
  return result;
}

function setNode(touched: Touched, part: Part, node: FieldSet | undefined): void {
  if (node !== undefined) touched[part] = node;
}

/** Everything below a value that was not there, itself included: most of what creates and status writes compare. */
function addedNode(after: unknown, schema: FieldSchema): FieldSet {
  const shape = shapeOf(after, schema);
  if (shape === "leaf" || isBlank(after)) return EMPTY_SET;
  const isKept = isShared(after);
  const known = isKept ? addedWholly.get(after) : undefined;
  if (known?.schema === schema) return known.node;
  const children =
    shape === "record"
      ? addedFields(recordOf(after), schema)
      : addedItems(itemsOf(after), itemSchema(schema), schema);
  const node = makeNode(true, children) ?? EMPTY_SET;
  if (isKept) addedWholly.set(after, { schema, node });
  return node;
}

function addedFields(after: Fields, schema: FieldSchema): FieldSet {
  const elements: string[] = [];
  const nodes: FieldSet[] = [];
  for (const key of Object.keys(after)) {
    if (after[key] === undefined) continue;
    elements.push(fieldElement(key));
    nodes.push(addedNode(after[key], fieldSchema(schema, key)));
  }
  return sharedSet(elements, nodes);
}

function addedItems(after: Items, item: FieldSchema, schema: FieldSchema): FieldSet {
  const { byElement, repeated } = indexItems(after, schema);
  const elements = [...byElement.keys()];
  const nodes = elements.map((element) =>
    repeated.has(element) ? EMPTY_SET : addedNode(byElement.get(element), item),
  );
  return sharedSet(elements, nodes);
}

/** Two shapes that differ are compared as a whole. */
function commonShape(before: unknown, after: unknown, schema: FieldSchema): ValueShape {
  if (before === undefined || before === null) return shapeOf(after, schema);
  if (after === undefined || after === null) return shapeOf(before, schema);
  const shape = shapeOf(after, schema);
  return shapeOf(before, schema) === shape ? shape : "leaf";
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

function compareLeaves(before: unknown, after: unknown): Touched {
  if (after === undefined) return { removed: EMPTY_SET };
  return deepEqual(before, after) ? {} : { modified: EMPTY_SET };
}

function compareItems(before: Items, after: Items, schema: FieldSchema): Sets {
  const sets: Sets = {};
  const old = indexItems(before, schema);
  const next = indexItems(after, schema);
  const item = itemSchema(schema);
  const compare = (element: string): void => {
    const [wasRepeated, isRepeated] = [old.repeated.has(element), next.repeated.has(element)];
    const [left, right] = [old.byElement.get(element), next.byElement.get(element)];
    if (!wasRepeated && !isRepeated) return collect(sets, element, left, right, item);
    if (wasRepeated && isRepeated) {
      const isSame = deepEqual(sharing(before, element, schema), sharing(after, element, schema));
      return note(sets, "modified", element, isSame ? undefined : EMPTY_SET);
    }
    // Items that share a key have no identity of their own: a marker stands for all of them.
    const [one, other] = [wasRepeated ? undefined : left, isRepeated ? undefined : right];
    collect(sets, element, one, other, item);
    mark(sets, wasRepeated ? "removed" : "added", element);
  };
  for (const element of next.byElement.keys()) compare(element);
  for (const element of old.byElement.keys()) if (!next.byElement.has(element)) compare(element);
  return sets;
}

function sharing(list: Items, element: string, schema: FieldSchema): Items {
  return list.filter((item) => itemElement(item, schema) === element);
}

/** Makes the element itself a member, beside whatever stands below it. */
function mark(sets: Sets, part: Part, element: string): void {
  const found = sets[part];
  const at = found?.elements.indexOf(element) ?? -1;
  if (found === undefined || at < 0) return note(sets, part, element, EMPTY_SET);
  found.nodes[at] = makeNode(true, found.nodes[at]) ?? EMPTY_SET;
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : EMPTY_SET;
}

function itemsOf(value: unknown): Items {
  return Array.isArray(value) ? value : [];
}
