// Strategic merge as kustomize does it, which is not as the API server does it: items of a patch come first, `retainKeys` is
// ignored, and `$patch: replace` on a list item does nothing. Behaviour after kyaml/yaml/merge2 and kyaml/yaml/walk of
// v5.5.0, with its consequences for lists with several keys.

import { isRecord, setOwn, type Path } from "../core/index.ts";
import type { FieldSchema } from "../kubernetes/index.ts";
import { listKeysOf, memberOf } from "./kustomize-kinds.ts";
import { mergeKeyedList, mergeScalarList } from "./merge-list.ts";

export interface MergeProblem {
  readonly path: Path;
  readonly message: string;
}

export interface MergeContext {
  readonly problems: MergeProblem[];
}

export interface MergeInput {
  /** Changed in place. */
  readonly target: unknown;
  /** Changed in place; `undefined` where the patch says nothing. */
  readonly patch: unknown;
  readonly schema: FieldSchema | undefined;
  readonly path: Path;
}

/** The merged value, `undefined` when it is removed. Takes over parts of both inputs. */
export function mergeValue(input: MergeInput, context: MergeContext): unknown {
  const shape = shapeOf(input.target ?? input.patch);
  const wrong = [input.target, input.patch].some(
    (value) => value !== undefined && value !== null && shapeOf(value) !== shape,
  );
  if (wrong) {
    const message = `the patch has a ${shapeOf(input.patch)} where there is a ${shape}`;
    context.problems.push({ path: input.path, message });
    return input.target;
  }
  if (shape === "list") return mergeList(input, context);
  if (shape === "record") return mergeRecord(input, context);
  return mergeScalar(input);
}

function shapeOf(value: unknown): "record" | "list" | "scalar" | "nothing" {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  return isRecord(value) ? "record" : "scalar";
}

/** A null that only the target has stays; one in the patch removes. */
function mergeScalar({ target, patch }: MergeInput): unknown {
  if (patch === null) return undefined;
  return patch === undefined ? target : patch;
}

const KNOWN_DIRECTIVES: ReadonlySet<unknown> = new Set([undefined, "merge", "replace"]);

function mergeRecord(input: MergeInput, context: MergeContext): unknown {
  const { target, patch, schema, path } = input;
  if (patch === null) return undefined;
  const directive = takeDirective(patch);
  if (directive === "delete") return undefined;
  if (!KNOWN_DIRECTIVES.has(directive)) {
    const message = `unknown patch strategy ${JSON.stringify(directive)}`;
    context.problems.push({ path, message });
  }
  // A record that is new, or replaces the old one, is merged with itself, which drops its nulls and directives.
  const base = isRecord(target) && directive !== "replace" ? target : patch;
  if (!isRecord(base)) return base;
  const added = isRecord(patch) ? patch : {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(added)])) {
    const merged = mergeValue(
      { target: base[key], patch: added[key], schema: memberOf(schema, key), path: [...path, key] },
      context,
    );
    if (merged === undefined) delete base[key];
    else setOwn(base, key, merged);
  }
  return base;
}

/** Removes `$patch` from a record and returns it. */
function takeDirective(patch: unknown): unknown {
  if (!isRecord(patch) || !Object.hasOwn(patch, "$patch")) return undefined;
  const directive = patch["$patch"];
  delete patch["$patch"];
  return directive;
}

function mergeList(input: MergeInput, context: MergeContext): unknown {
  const keys = listKeysOf(input.schema);
  if (keys === undefined) return mergeScalar(input);
  const { target, patch } = input;
  if (patch === null) return undefined;
  const list = Array.isArray(patch) ? patch : undefined;
  if (!Array.isArray(target)) return mergeItems({ ...input, target: list ?? [] }, keys, context);
  const directive = list === undefined ? undefined : takeListDirective(list);
  if (directive === "delete") return undefined;
  const base = directive === "replace" ? patch : target;
  return mergeItems({ ...input, target: base }, keys, context);
}

/** Removes an item that is only `$patch` and returns its value. */
function takeListDirective(list: unknown[]): unknown {
  const at = list.findIndex((item) => isRecord(item) && Object.hasOwn(item, "$patch"));
  const item = list[at];
  if (!isRecord(item) || Object.keys(item).length > 1) return undefined;
  list.splice(at, 1);
  return item["$patch"];
}

function mergeItems(input: MergeInput, keys: readonly string[], context: MergeContext): unknown {
  const [target, patch] = [input.target, input.patch].map((value) =>
    Array.isArray(value) ? value : [],
  );
  const lists = { target: target ?? [], patch: patch ?? [] };
  if (keys.length === 0) return mergeScalarList(lists);
  const mergeItem = (one: unknown, other: unknown): unknown =>
    mergeValue(
      { target: one, patch: other, schema: input.schema?.items, path: [...input.path, "[]"] },
      context,
    );
  const merged = mergeKeyedList(lists, keys, mergeItem);
  if (merged !== undefined) return merged;
  const message = `every item needs ${keys.join(" or ")}, by which items are merged`;
  context.problems.push({ path: input.path, message });
  return input.target;
}
