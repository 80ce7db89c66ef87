// A checked expression with its macros expanded (cel-go parser/macro.go, ext/comprehensions.go, ext/lists.go, cel/library.go).

import { substitute } from "../check/assignable.ts";
import { BOOL, type CelType, DYN, INT, listOf, optionalOf, STRING } from "../check/cel-type.ts";
import type { CheckedExpression } from "../check/check.ts";
import { childrenOf } from "../syntax/children.ts";
import type {
  CallNode as Call,
  ComprehensionNode,
  Node,
  OptionalMapNode,
  SelectNode as Select,
  SortByNode,
} from "../syntax/node.ts";
import type { CelValue } from "../values/value.ts";
import type { CallNode, CostNode, LoopNode } from "./cost-node.ts";

/** Expressions cannot name it. */
export const ACCUMULATOR = "@result";
const SORTED = "@__sortBy_input__";

/** Nearly how many nodes an expression has once it is expanded: some parts are repeated. */
export function expandedSize(node: Node): number {
  let size = 1;
  for (const child of childrenOf(node)) {
    const times = node.is === "optMap" && child === node.target ? 2 : 1;
    size += times * expandedSize(child);
  }
  return size;
}

export function expand(checked: CheckedExpression, node: Node): CostNode {
  const type = typeOf(checked, node);
  const inner = (part: Node): CostNode => expand(checked, part);
  const reading = checked.readings.get(node);
  // `net.IP` looks like the choice of a field.
  if (reading?.is === "type") return ident("type", type);
  switch (node.is) {
    case "literal":
      return { is: "literal", type, value: node.value };
    case "ident":
      return ident(node.name, type);
    case "select":
      return select(node, type, inner);
    case "has":
      return { is: "select", type, operand: inner(node.operand), field: node.field, isTest: true };
    case "call":
      return expandCall(checked, node, type);
    case "list":
      return { is: "list", type, elements: node.elements.map(({ value }) => inner(value)) };
    case "map":
      return {
        is: "map",
        type,
        pairs: node.entries.map(({ key, value }) => [inner(key), inner(value)]),
      };
    case "struct":
      return { is: "struct", type, values: node.fields.map(({ value }) => inner(value)) };
    case "comprehension":
      return expandComprehension(node, type, inner);
    case "optMap":
      return expandOptionalMap(checked, node, type);
    case "sortBy":
      return expandSortBy(checked, node, type);
  }
}

function typeOf({ types, bindings }: CheckedExpression, node: Node): CelType {
  return substitute(bindings, types.get(node) ?? DYN, true);
}

function ident(name: string, type: CelType): CostNode {
  return { is: "ident", name, type };
}

function literal(value: CelValue, type: CelType): CostNode {
  return { is: "literal", value, type };
}

/** A call that only an expansion makes: it is one overload, whose parameters are what is given. */
function call(name: string, type: CelType, args: readonly CostNode[], target?: CostNode): CallNode {
  const given = target === undefined ? args : [target, ...args];
  const overloads = [given.map((arg) => arg.type)];
  return { is: "call", name, type, args, overloads, ...(target && { target }) };
}

function select(node: Select, type: CelType, inner: (part: Node) => CostNode): CostNode {
  const operand = inner(node.operand);
  if (node.optional) return call("_?._", type, [operand, literal(node.field, STRING)]);
  return { is: "select", type, operand, field: node.field, isTest: false };
}

function expandCall(checked: CheckedExpression, node: Call, type: CelType): CostNode {
  const inner = (part: Node): CostNode => expand(checked, part);
  const args = node.args.map(inner);
  const reading = checked.readings.get(node);
  if (reading?.is !== "call") return call(node.name, type, args);
  const target = reading.withTarget && node.target !== undefined ? inner(node.target) : undefined;
  return {
    is: "call",
    name: reading.overloads[0]?.name ?? node.name,
    type,
    args,
    overloads: reading.overloads.map(({ params }) => params),
    ...(target && { target }),
  };
}

type Loop = Pick<LoopNode, "start" | "condition" | "step" | "result">;

const always = literal(true, BOOL);

function expandComprehension(
  node: ComprehensionNode,
  type: CelType,
  inner: (part: Node) => CostNode,
): CostNode {
  const test = node.condition && inner(node.condition);
  const value = node.result && inner(node.result);
  return {
    is: "loop",
    type,
    range: inner(node.range),
    variables: node.variables,
    ...loopOf(node, type, test ?? { ...always }, value ?? { ...always }, test !== undefined),
  };
}

function loopOf(
  { kind, variables: [variable = ""] }: ComprehensionNode,
  type: CelType,
  test: CostNode,
  value: CostNode,
  isFiltered: boolean,
): Loop {
  switch (kind) {
    case "all":
      return quantifier("_&&_", true, test);
    case "exists":
      return quantifier("_||_", false, test);
    case "existsOne":
      return onlyOne(test);
    case "filter":
      return collector(type, adding(type, ident(variable, elementOf(type))), test);
    case "map":
      return collector(type, adding(type, value), isFiltered ? test : undefined);
    case "transformMap": {
      const key = ident(variable, type.is === "map" ? type.key : DYN);
      const step = call("cel.@mapInsert", type, [accumulator(type), key, value]);
      return collector(type, step, isFiltered ? test : undefined);
    }
    case "transformMapEntry": {
      const step = call("cel.@mapInsert", type, [accumulator(type), value]);
      return collector(type, step, isFiltered ? test : undefined);
    }
  }
}

function elementOf(type: CelType): CelType {
  return type.is === "list" ? type.element : DYN;
}

function accumulator(type: CelType): CostNode {
  return ident(ACCUMULATOR, type);
}

function quantifier(join: "_&&_" | "_||_", start: boolean, test: CostNode): Loop {
  const so = accumulator(BOOL);
  return {
    start: literal(start, BOOL),
    condition: call("@not_strictly_false", BOOL, [start ? so : call("!_", BOOL, [so])]),
    step: call(join, BOOL, [accumulator(BOOL), test]),
    result: accumulator(BOOL),
  };
}

function onlyOne(test: CostNode): Loop {
  const more = call("_+_", INT, [accumulator(INT), literal(1n, INT)]);
  return {
    start: literal(0n, INT),
    condition: { ...always },
    step: call("_?_:_", INT, [test, more, accumulator(INT)]),
    result: call("_==_", BOOL, [accumulator(INT), literal(1n, INT)]),
  };
}

function adding(type: CelType, value: CostNode): CostNode {
  return call("_+_", type, [accumulator(type), { is: "list", type, elements: [value] }]);
}

/** Makes a list or a map; what fails the test is left out. */
function collector(type: CelType, step: CostNode, test: CostNode | undefined): Loop {
  return {
    start: type.is === "list" ? { is: "list", type, elements: [] } : { is: "map", type, pairs: [] },
    condition: { ...always },
    step: test === undefined ? step : call("_?_:_", type, [test, step, accumulator(type)]),
    result: accumulator(type),
  };
}

function expandOptionalMap(
  checked: CheckedExpression,
  { target, variable, result, flat }: OptionalMapNode,
  type: CelType,
): CostNode {
  const optional = typeOf(checked, target);
  const content = optional.is === "optional" ? optional.content : DYN;
  const value = call("value", content, [], expand(checked, target));
  const body = expand(checked, result);
  const bound: CostNode = { is: "bind", type: body.type, variable, value, result: body };
  return call("_?_:_", type, [
    call("hasValue", BOOL, [], expand(checked, target)),
    flat ? bound : call("optional.of", optionalOf(body.type), [bound]),
    call("optional.none", type, []),
  ]);
}

/** The list is sorted by another list, that of its keys. */
function expandSortBy(
  checked: CheckedExpression,
  { target, variable, key }: SortByNode,
  type: CelType,
): CostNode {
  const keyNode = expand(checked, key);
  const keys = listOf(keyNode.type);
  const list = (): CostNode => ident(SORTED, type);
  const range = list();
  const loop = collector(keys, adding(keys, keyNode), undefined);
  const mapped: CostNode = { is: "loop", type: keys, range, variables: [variable], ...loop };
  const result = call("@sortByAssociatedKeys", type, [mapped], list());
  return { is: "bind", type, variable: SORTED, value: expand(checked, target), result };
}
