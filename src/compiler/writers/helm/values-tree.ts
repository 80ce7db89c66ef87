// Where a slot's value stands in the values, and the values files themselves: `values.yaml` for what all clusters share, one
// file a cluster for the rest.

import { deepEqual, isRecord } from "../../../core/index.ts";
import type { Slot } from "./template-object.ts";

/** A slot with the place of its record in the values, and the clusters its object is on. */
export interface PlacedSlot extends Slot {
  readonly place: readonly string[];
  readonly targets: readonly string[];
}

type Tree = Record<string, unknown>;

export interface ValuesTree {
  readonly shared: Readonly<Tree>;
  /** By cluster. */
  readonly own: ReadonlyMap<string, Readonly<Tree>>;
}

/** Levels of an object that say nothing to the reader of values. */
const BOILERPLATE = new Set(["spec", "template", "metadata"]);

/** `deployment.containers.storefront`: a place that templates can name. */
export function placeOf(object: string, path: readonly string[]): readonly string[] {
  const levels = path.filter((level) => !BOILERPLATE.has(level));
  return [object, ...levels.map(camelCase)];
}

/** Every level as it is, where the short place is taken. */
export function fullPlaceOf(object: string, path: readonly string[]): readonly string[] {
  return [object, ...path.map(camelCase)];
}

/** Words joined to a name a template can follow: `pod-disruption-budget` → `podDisruptionBudget`. */
export function camelCase(text: string): string {
  const joined = text.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) =>
    (next ?? "").toUpperCase(),
  );
  const name = joined.charAt(0).toLowerCase() + joined.slice(1);
  return /^[a-z]/.test(name) ? name : `_${name}`;
}

export function createValuesTree(targets: readonly string[]): ValuesTree & {
  add(slot: PlacedSlot): void;
  set(place: readonly string[], field: string, value: unknown, target?: string): void;
} {
  const shared: Tree = {};
  const own = new Map(targets.map((target) => [target, {} as Tree]));
  const set = (place: readonly string[], field: string, value: unknown, target?: string): void => {
    recordAt(shared, place);
    const tree = target === undefined ? shared : own.get(target);
    if (tree !== undefined) recordAt(tree, place)[field] = value;
  };
  const add = (slot: PlacedSlot): void => {
    if (slot.template === "library.env") return addVariables(slot, set);
    const [first] = slot.values;
    if (slot.values.every((value) => value !== undefined && deepEqual(value, first)))
      return set(slot.place, slot.field, first);
    recordAt(shared, slot.place);
    slot.values.forEach((value, index) => {
      if (value !== undefined) set(slot.place, slot.field, value, slot.targets[index]);
    });
  };
  return { shared, own, add, set };
}

function recordAt(tree: Tree, place: readonly string[]): Tree {
  return place.reduce((record, level) => {
    const inside = record[level];
    if (isRecord(inside)) return inside;
    const created: Tree = {};
    record[level] = created;
    return created;
  }, tree);
}

type Setter = (place: readonly string[], field: string, value: unknown, target?: string) => void;
type Variable = Readonly<Record<string, unknown>>;

/** `env` lists the variables in order; those that differ only in plain text get it from `variables`. */
function addVariables({ place, values, targets }: PlacedSlot, set: Setter): void {
  const lists = values.filter(isVariables);
  const common = lists.length === values.length ? commonVariables(lists) : undefined;
  set(place, "variables", {});
  if (common === undefined) {
    values.forEach((list, index) => {
      if (list !== undefined) set(place, "env", list, targets[index]);
    });
    return;
  }
  set(place, "env", common);
  lists.forEach((list, index) => {
    const differing = list.filter((variable, at) => !deepEqual(variable, common[at]));
    if (differing.length === 0) return;
    const texts = differing.map(({ name, value }) => [name, value] as const);
    set(place, "variables", Object.fromEntries(texts), targets[index]);
  });
}

function isVariables(value: unknown): value is readonly Variable[] {
  return Array.isArray(value) && value.every(isRecord);
}

/** Undefined where lists differ in more than texts. */
function commonVariables(lists: readonly (readonly Variable[])[]): readonly Variable[] | undefined {
  const [first = []] = lists;
  const common = first.map((variable, at) => {
    const others = lists.map((list) => list[at]);
    if (others.every((other) => deepEqual(other, variable))) return variable;
    const name = variable["name"];
    return others.every(
      (other) => other !== undefined && other["name"] === name && isPlainText(other),
    )
      ? { name }
      : undefined;
  });
  const names = first.map(({ name }) => name);
  const sameLength = lists.every((list) => list.length === first.length);
  if (!sameLength || new Set(names).size !== names.length) return undefined;
  return common.every((variable) => variable !== undefined) ? common : undefined;
}

function isPlainText(variable: Variable): boolean {
  return typeof variable["value"] === "string" && Object.keys(variable).length === 2;
}
