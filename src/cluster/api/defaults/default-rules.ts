// Defaulting as data: which absent fields of a record get which value, and where to look further.
// Applied copy-on-write: an object that lacks nothing comes back as it is.

import { isRecord } from "../../../core/index.ts";
import { deepFreeze } from "../../store/freeze.ts";

type Scope = Readonly<Record<string, unknown>>;

/** A constant, or a function of the record (with the earlier rules applied) that may decide for nothing. */
export type DefaultValue =
  | string
  | number
  | boolean
  | readonly unknown[]
  | Scope
  | ((record: Scope, root: Scope) => unknown);

export interface DefaultRules {
  /** Absent field → value, in this order. */
  readonly set?: Readonly<Record<string, DefaultValue>>;
  /** Rules for a field that holds a record; applied when it is present after `set`. */
  readonly within?: Readonly<Record<string, DefaultRules>>;
  /** Rules for every record in a list. */
  readonly each?: Readonly<Record<string, DefaultRules>>;
  /** Runs before everything else; returns the same record when it has nothing to do. */
  readonly first?: (record: Scope, root: Scope) => Scope;
}

export function applyDefaultRules<T extends Scope>(record: T, rules: DefaultRules): T {
  // The rules only add fields, so the type stays.
  return applyTo(record, rules, record) as T;
}

function applyTo(record: Scope, rules: DefaultRules, root: Scope): Scope {
  let result = rules.first === undefined ? record : rules.first(record, root);
  const put = (field: string, value: unknown): void => {
    if (result === record) result = { ...record };
    (result as Record<string, unknown>)[field] = value;
  };
  for (const field in rules.set) {
    if (result[field] !== undefined) continue;
    const rule = rules.set[field];
    const value = typeof rule === "function" ? rule(result, root) : deepFreeze(rule);
    if (value !== undefined) put(field, value);
  }
  for (const field in rules.within) {
    const inner = result[field];
    const innerRules = rules.within[field];
    if (!isRecord(inner) || innerRules === undefined) continue;
    const next = applyTo(inner, innerRules, root);
    if (next !== inner) put(field, next);
  }
  for (const field in rules.each) {
    const list = result[field];
    const itemRules = rules.each[field];
    if (!Array.isArray(list) || itemRules === undefined) continue;
    const next = applyToItems(list, itemRules, root);
    if (next !== list) put(field, next);
  }
  return result;
}

function applyToItems(
  list: readonly unknown[],
  rules: DefaultRules,
  root: Scope,
): readonly unknown[] {
  let result = list;
  list.forEach((item, index) => {
    if (!isRecord(item)) return;
    const next = applyTo(item, rules, root);
    if (next === item) return;
    if (result === list) result = [...list];
    (result as unknown[])[index] = next;
  });
  return result;
}

/** Joins rules for the same record; the later ones win on the same field. */
export function mergeRules(...all: readonly DefaultRules[]): DefaultRules {
  return {
    set: Object.assign({}, ...all.map(({ set }) => set)),
    within: Object.assign({}, ...all.map(({ within }) => within)),
    each: Object.assign({}, ...all.map(({ each }) => each)),
  };
}
