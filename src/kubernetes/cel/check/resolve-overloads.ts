// Which overloads of a function a call may mean, and the type of its result (cel-go checker/checker.go resolveOverload).

import type { CallNode, Node } from "../syntax/node.ts";
import type { Overload } from "../library/overload.ts";
import { assignable, assignableAll, type Bindings, substitute } from "./assignable.ts";
import { BOOL, type CelType, DYN, formatType, sameType } from "./cel-type.ts";
import { type Checking, freeType, mismatch, report, resolved } from "./checking.ts";

export function resolveOverloads(
  checking: Checking,
  node: CallNode,
  name: string,
  target: CelType | undefined,
  args: readonly CelType[],
): CelType {
  if (name === "_&&_" || name === "_||_") return checkLogic(checking, node, args);
  const given = target === undefined ? args : [target, ...args];
  const withTarget = target !== undefined;
  const overloads: Overload[] = [];
  let result: CelType | undefined;
  for (const overload of checking.environment.functions.get(name) ?? []) {
    if (overload.member !== withTarget) continue;
    const { params, result: type } = instance(checking, overload);
    if (!assignableAll(checking.bindings, given, params)) continue;
    overloads.push(overload);
    const own = resolved(checking, type);
    if (result === undefined) result = own;
    else if (result.is !== "dyn" && !sameType(result, own)) result = DYN;
  }
  if (result === undefined) return noMatch(checking, node, name, given, withTarget);
  checking.readings.set(node, { is: "call", overloads, withTarget });
  return result;
}

function checkLogic(checking: Checking, node: CallNode, args: readonly CelType[]): CelType {
  let isFine = true;
  args.forEach((type, index) => {
    if (assignable(checking.bindings, type, BOOL)) return;
    isFine = false;
    mismatch(checking, node.args[index] as Node, BOOL, resolved(checking, type));
  });
  return isFine ? BOOL : { is: "error" };
}

/** The overload with type parameters of its own. */
function instance(
  checking: Checking,
  overload: Overload,
): { readonly params: readonly CelType[]; readonly result: CelType } {
  if (!overload.generic) return overload;
  const fresh: Bindings = new Map();
  for (const name of namesOf(overload)) {
    fresh.set(name, freeType(checking));
  }
  return {
    params: overload.params.map((type) => substitute(fresh, type)),
    result: substitute(fresh, overload.result),
  };
}

const namesByOverload = new WeakMap<Overload, ReadonlySet<string>>();

/** The type parameters of an overload. */
function namesOf(overload: Overload): ReadonlySet<string> {
  const known = namesByOverload.get(overload) ?? namesIn([...overload.params, overload.result]);
  namesByOverload.set(overload, known);
  return known;
}

function namesIn(types: readonly CelType[]): ReadonlySet<string> {
  const texts = types.map(formatType).join(" ");
  return new Set([...texts.matchAll(/\b[A-Z]\b/g)].map(([name]) => name));
}

function noMatch(
  checking: Checking,
  { at }: Node,
  name: string,
  given: readonly CelType[],
  withTarget: boolean,
): CelType {
  const texts = given.map((type) => formatType(substitute(checking.bindings, type, true)));
  const target = withTarget ? `${texts.shift()}.` : "";
  const signature = `${target}(${texts.join(", ")})`;
  return report(checking, at, `found no matching overload for '${name}' applied to '${signature}'`);
}
