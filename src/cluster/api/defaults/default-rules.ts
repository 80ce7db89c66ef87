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
  | ((record: Scope) => unknown);

export interface DefaultRules {
  /** Absent field → value, in this order. */
  readonly set?: Readonly<Record<string, DefaultValue>>;
  /** The same of fields that the server keeps as values, so that an empty text or a zero is as good as nothing; after `set`. */
  readonly fill?: Readonly<Record<string, DefaultValue>>;
  /** Rules for a field that holds a record; applied when it is present after `set`. */
  readonly within?: Readonly<Record<string, DefaultRules>>;
  /** Rules for every record in a list. */
  readonly each?: Readonly<Record<string, DefaultRules>>;
  /** Runs before everything else; returns the same record when it has nothing to do. */
  readonly first?: (record: Scope) => Scope;
}

/** Parts that are those of `known` have their defaults already. */
export function applyDefaultRules<T extends Scope>(
  record: T,
  rules: DefaultRules,
  known?: Scope,
): T {
  // The rules only add fields, so the type stays.
  return fill(record, rules, known) as T;
}

/** Frozen record → the rules and their result: a hundred pods of one template get one spec. */
const remembered = new WeakMap<object, { readonly rules: DefaultRules; readonly result: Scope }>();

function applyTo(record: Scope, rules: DefaultRules): Scope {
  if (!Object.isFrozen(record)) return fill(record, rules);
  const known = remembered.get(record);
  if (known !== undefined && known.rules === rules) return known.result;
  const result = deepFreeze(fill(record, rules));
  remembered.set(record, { rules, result });
  return result;
}

function fill(record: Scope, rules: DefaultRules, known?: Scope): Scope {
  let result = rules.first?.(record) ?? record;
  const put = (field: string, value: unknown): void => {
    if (value === undefined) return;
    if (result === record) result = { ...record };
    (result as Record<string, unknown>)[field] = value;
  };
  for (const field in rules.set) {
    if (result[field] === undefined) put(field, valueOf(rules.set[field], result));
  }
  for (const field in rules.fill) {
    if (isUnset(result[field])) put(field, valueOf(rules.fill[field], result));
  }
  for (const field in rules.within) {
    const inner = result[field];
    const innerRules = rules.within[field];
    if (!isRecord(inner) || innerRules === undefined || known?.[field] === inner) continue;
    const next = applyTo(inner, innerRules);
    if (next !== inner) put(field, next);
  }
  for (const field in rules.each) {
    const list = result[field];
    const itemRules = rules.each[field];
    if (!Array.isArray(list) || itemRules === undefined) continue;
    const next = applyToItems(list, itemRules);
    if (next !== list) put(field, next);
  }
  return result;
}

function valueOf(rule: DefaultValue | undefined, record: Scope): unknown {
  return typeof rule === "function" ? rule(record) : deepFreeze(rule);
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === "" || value === 0;
}

function applyToItems(list: readonly unknown[], rules: DefaultRules): readonly unknown[] {
  let result = list;
  list.forEach((item, index) => {
    if (!isRecord(item)) return;
    const next = fill(item, rules);
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
