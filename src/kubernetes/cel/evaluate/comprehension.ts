// Loops over lists and maps. The quantifiers go on after an error, because a later item may settle the result without it.

import type { ComprehensionNode } from "../syntax/node.ts";
import { isList } from "../values/equality.ts";
import { CelEntries, CelError, CelMap, type CelValue } from "../values/value.ts";
import { attempt } from "./logic.ts";
import { type Frame, noSuchOverload, type Plan, type Planning, withLocal } from "./frame.ts";

interface Loop {
  readonly variables: readonly string[];
  readonly condition: Plan;
  readonly result: Plan;
}

/** One walk through one list or map. */
interface Walk extends Loop {
  readonly frame: Frame;
  readonly items: readonly Item[];
  readonly overMap: boolean;
}

type Item = readonly [key: CelValue, value: CelValue];

export function planComprehension({ plan }: Planning, node: ComprehensionNode): Plan {
  const range = plan(node.range);
  const always: Plan = () => true;
  const loop: Loop = {
    variables: node.variables,
    condition: node.condition === undefined ? always : plan(node.condition),
    result: node.result === undefined ? always : plan(node.result),
  };
  return (frame) => {
    const over = range(frame);
    return outcomeOf(node.kind, { ...loop, frame, items: itemsOf(over), overMap: !isList(over) });
  };
}

function outcomeOf(kind: ComprehensionNode["kind"], walk: Walk): CelValue {
  switch (kind) {
    case "all":
      return quantify(walk, false);
    case "exists":
      return quantify(walk, true);
    case "existsOne":
      return matching(walk).length === 1;
    case "filter":
      return matching(walk).map(([key, value]) => (walk.overMap ? key : value));
    case "map":
      return matching(walk).map((item) => walk.result(frameFor(walk, item)));
    case "transformMap":
      return new CelEntries(
        matching(walk).map((item) => [item[0], walk.result(frameFor(walk, item))]),
      );
    case "transformMapEntry":
      return mergedEntries(matching(walk).map((item) => walk.result(frameFor(walk, item))));
  }
}

function itemsOf(over: CelValue): readonly Item[] {
  if (isList(over)) return over.map((value, index) => [BigInt(index), value]);
  if (over instanceof CelMap) return over.keys().map((key) => [key, over.get(key) ?? null]);
  return noSuchOverload("comprehension", [over]);
}

function frameFor({ variables, frame, overMap }: Walk, [key, value]: Item): Frame {
  const [first = "", second] = variables;
  frame.evaluation.spend(3);
  if (second !== undefined) return withLocal(withLocal(frame, first, key), second, value);
  return withLocal(frame, first, overMap ? key : value);
}

function quantify(walk: Walk, decisive: boolean): boolean {
  let failure: CelError | undefined;
  for (const item of walk.items) {
    const outcome = attempt(walk.condition, frameFor(walk, item));
    if (outcome === decisive) return decisive;
    if (outcome instanceof CelError) failure ??= outcome;
    else if (typeof outcome !== "boolean") return noSuchOverload("_&&_", [outcome]);
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

function matching(walk: Walk): readonly Item[] {
  return walk.items.filter((item) => {
    const outcome = walk.condition(frameFor(walk, item));
    return typeof outcome === "boolean" ? outcome : noSuchOverload("_?_:_", [outcome]);
  });
}

function mergedEntries(maps: readonly CelValue[]): CelEntries {
  const entries: Item[] = [];
  for (const map of maps) {
    if (!(map instanceof CelMap)) return noSuchOverload("cel.@mapInsert", [map]);
    for (const key of map.keys()) entries.push([key, map.get(key) ?? null]);
  }
  const merged = new CelEntries(entries);
  if (merged.size !== entries.length) throw new CelError("insert failed: key already exists");
  return merged;
}
