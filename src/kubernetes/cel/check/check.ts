// Type checking: every node gets a type, every call the overloads it may be, every fault a place. Mirrors cel-go
// checker/checker.go, whose order of checks decides which faults are reported.

import { type CelIssue, CelSyntaxError } from "../cel-issue.ts";
import type { Environment } from "../environment.ts";
import type {
  CallNode,
  ListNode,
  MapNode,
  Node,
  OptionalMapNode,
  PresenceNode,
  SelectNode,
  SortByNode,
  StructNode,
} from "../syntax/node.ts";
import { dottedName, parseExpression } from "../syntax/parse.ts";
import type { CelValue } from "../values/value.ts";
import { CelUint } from "../values/value.ts";
import { assignable, type Bindings, isWild, moreGeneral, substitute } from "./assignable.ts";
import * as types from "./cel-type.ts";
import { type CelType, formatType, listOf, mapOf, optionalOf } from "./cel-type.ts";
import { checkComprehension } from "./check-comprehension.ts";
import {
  type Checking,
  freeType,
  type Locals,
  mismatch,
  type Reading,
  report,
  resolved,
} from "./checking.ts";
import { resolveOverloads } from "./resolve-overloads.ts";

export interface CheckedExpression {
  readonly root: Node | undefined;
  readonly outputType: CelType;
  readonly issues: readonly CelIssue[];
  readonly readings: ReadonlyMap<Node, Reading>;
  readonly types: ReadonlyMap<Node, CelType>;
  /** What type parameters in `types` stand for. */
  readonly bindings: Bindings;
  readonly mentions: ReadonlySet<string>;
}

export function checkExpression(environment: Environment, source: string): CheckedExpression {
  const checking: Checking = {
    environment,
    issues: [],
    readings: new Map(),
    types: new Map(),
    mentions: new Set(),
    bindings: new Map(),
    freeTypes: 0,
    mayMix: false,
    check: (node, locals) => check(checking, node, locals),
  };
  try {
    const root = parseExpression(source);
    const type = check(checking, root, undefined);
    return { root, outputType: substitute(checking.bindings, type, true), ...checking };
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error;
    const issues = [{ at: error.at, message: error.message }];
    return { root: undefined, outputType: types.ERROR, ...checking, issues };
  }
}

function check(checking: Checking, node: Node, locals: Locals | undefined): CelType {
  const type = typeOfNode(checking, node, locals);
  checking.types.set(node, type);
  return type;
}

function typeOfNode(checking: Checking, node: Node, locals: Locals | undefined): CelType {
  switch (node.is) {
    case "literal":
      return literalType(node.value);
    case "ident":
      return checkName(checking, node, node.name, locals) ?? undeclared(checking, node, node.name);
    case "select":
      return checkSelect(checking, node, locals);
    case "has":
      return checkPresence(checking, node, locals);
    case "call":
      return checkCall(checking, node, locals);
    case "list":
      return checkList(checking, node, locals);
    case "map":
      return checkMap(checking, node, locals);
    case "struct":
      return checkStruct(checking, node, locals);
    case "comprehension":
      return checkComprehension(checking, node, locals);
    case "optMap":
      return checkOptionalMap(checking, node, locals);
    case "sortBy":
      return checkSortBy(checking, node, locals);
  }
}

function literalType(value: CelValue): CelType {
  if (value === null) return types.NULL;
  if (typeof value === "boolean") return types.BOOL;
  if (typeof value === "bigint") return types.INT;
  if (typeof value === "number") return types.DOUBLE;
  if (typeof value === "string") return types.STRING;
  return value instanceof CelUint ? types.UINT : types.BYTES;
}

function undeclared(checking: Checking, { at }: Node, name: string): CelType {
  return report(checking, at, `undeclared reference to '${name}' (in container '')`);
}

function checkName(
  checking: Checking,
  node: Node,
  name: string,
  locals: Locals | undefined,
): CelType | undefined {
  for (let scope = locals; scope !== undefined; scope = scope.outer) {
    if (scope.name === name) return resolved(checking, scope.type);
  }
  const { environment, readings, mentions } = checking;
  const variable = environment.variable(name);
  if (variable !== undefined) {
    readings.set(node, { is: "variable", name });
    mentions.add(name);
    return variable;
  }
  const type = environment.typeNames.get(name);
  if (type === undefined) return undefined;
  readings.set(node, { is: "type", type });
  return types.typeOf(type);
}

function checkSelect(checking: Checking, node: SelectNode, locals: Locals | undefined): CelType {
  const name = dottedName(node);
  const qualified = name === undefined ? undefined : checkName(checking, node, name, locals);
  if (qualified !== undefined) return qualified;
  return resolved(checking, fieldType(checking, node, locals, node.optional));
}

function checkPresence(
  checking: Checking,
  node: PresenceNode,
  locals: Locals | undefined,
): CelType {
  fieldType(checking, node, locals, false);
  return types.BOOL;
}

function fieldType(
  checking: Checking,
  { at, operand, field }: SelectNode | PresenceNode,
  locals: Locals | undefined,
  optional: boolean,
): CelType {
  const operandType = resolved(checking, check(checking, operand, locals));
  const isOptional = operandType.is === "optional";
  const target = isOptional ? operandType.content : operandType;
  const found = fieldOf(checking, target, field, at);
  return isOptional || optional ? optionalOf(found) : found;
}

function fieldOf(checking: Checking, target: CelType, field: string, at: number): CelType {
  if (target.is === "map") return target.value;
  if (target.is === "object") {
    return target.field(field) ?? report(checking, at, `undefined field '${field}'`);
  }
  if (target.is === "param") {
    assignable(checking.bindings, types.DYN, target);
    return types.DYN;
  }
  if (isWild(target)) return types.DYN;
  report(checking, at, `type '${formatType(target)}' does not support field selection`);
  return types.DYN;
}

function checkCall(checking: Checking, node: CallNode, locals: Locals | undefined): CelType {
  const { mayMix } = checking;
  checking.mayMix ||= node.name === "format";
  const args = node.args.map((arg) => check(checking, arg, locals));
  checking.mayMix = mayMix;
  const { functions } = checking.environment;
  if (node.target === undefined) {
    if (!functions.has(node.name)) return undeclared(checking, node, node.name);
    return resolveOverloads(checking, node, node.name, undefined, args);
  }
  const prefix = dottedName(node.target);
  const qualified = prefix === undefined ? undefined : `${prefix}.${node.name}`;
  if (qualified !== undefined && functions.has(qualified)) {
    return resolveOverloads(checking, node, qualified, undefined, args);
  }
  const target = check(checking, node.target, locals);
  if (!functions.has(node.name)) return undeclared(checking, node, node.name);
  return resolveOverloads(checking, node, node.name, target, args);
}

function checkList(
  checking: Checking,
  { elements }: ListNode,
  locals: Locals | undefined,
): CelType {
  let joined: CelType | undefined;
  for (const { value, optional } of elements) {
    const type = elementType(checking, value, optional, locals);
    joined = join(checking, value, joined, type);
  }
  return listOf(joined ?? freeType(checking));
}

function checkMap(checking: Checking, { entries }: MapNode, locals: Locals | undefined): CelType {
  let keys: CelType | undefined;
  let values: CelType | undefined;
  for (const { key, value, optional } of entries) {
    keys = join(checking, key, keys, check(checking, key, locals));
    values = join(checking, value, values, elementType(checking, value, optional, locals));
  }
  return mapOf(keys ?? freeType(checking), values ?? freeType(checking));
}

function elementType(
  checking: Checking,
  node: Node,
  optional: boolean,
  locals: Locals | undefined,
): CelType {
  const type = check(checking, node, locals);
  if (!optional) return type;
  if (type.is === "optional") return type.content;
  if (!isWild(type)) mismatch(checking, node, optionalOf(type), type);
  return type;
}

function join(checking: Checking, node: Node, before: CelType | undefined, type: CelType): CelType {
  if (before === undefined) return type;
  if (assignable(checking.bindings, before, type)) return moreGeneral(before, type);
  if (checking.mayMix) return types.DYN;
  return mismatch(checking, node, before, type);
}

function checkStruct(checking: Checking, node: StructNode, locals: Locals | undefined): CelType {
  const struct = checking.environment.struct(node.name);
  if (struct === undefined) return undeclared(checking, node, node.name);
  for (const { name, value, optional, at } of node.fields) {
    const type = elementType(checking, value, optional, locals);
    const wanted = struct.field(name) ?? report(checking, at, `undefined field '${name}'`);
    if (assignable(checking.bindings, wanted, type)) continue;
    const words = `expected type of field '${name}' is '${formatType(wanted)}' but provided type is`;
    report(checking, at, `${words} '${formatType(type)}'`);
  }
  return struct.type;
}

function checkOptionalMap(
  checking: Checking,
  { target, variable, result, flat, at }: OptionalMapNode,
  outer: Locals | undefined,
): CelType {
  const type = resolved(checking, check(checking, target, outer));
  const isOptional = type.is === "optional";
  if (!isOptional && !isWild(type)) {
    const name = flat ? "optFlatMap" : "optMap";
    return report(
      checking,
      at,
      `found no matching overload for '${name}' applied to '${formatType(type)}.()'`,
    );
  }
  const inner = isOptional ? type.content : types.DYN;
  const locals = { name: variable, type: inner, outer };
  const mapped = check(checking, result, locals);
  return flat ? mapped : optionalOf(mapped);
}

function checkSortBy(
  checking: Checking,
  { target, variable, key, at }: SortByNode,
  outer: Locals | undefined,
): CelType {
  const type = resolved(checking, check(checking, target, outer));
  const element = type.is === "list" ? type.element : types.DYN;
  if (type.is !== "list" && !isWild(type)) {
    return report(
      checking,
      at,
      `found no matching overload for 'sortBy' applied to '${formatType(type)}.()'`,
    );
  }
  check(checking, key, { name: variable, type: element, outer });
  return type.is === "list" ? type : listOf(types.DYN);
}
