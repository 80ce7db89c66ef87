// Calls that are not calls: their arguments are variables and expressions over them (cel-go parser/macro.go,
// ext/comprehensions.go, cel/library.go). A call with another number of arguments stays a call.

import { CelSyntaxError } from "../cel-issue.ts";
import type { CallNode, Comprehension, ComprehensionNode, Node } from "./node.ts";

interface MacroShape {
  readonly kind: Comprehension;
  readonly variables: 1 | 2;
  /** Which of the remaining arguments are the condition and the result. */
  readonly rest: readonly ("condition" | "result")[];
}

const SHAPES: Readonly<Record<string, MacroShape>> = {
  "all/2": { kind: "all", variables: 1, rest: ["condition"] },
  "exists/2": { kind: "exists", variables: 1, rest: ["condition"] },
  "exists_one/2": { kind: "existsOne", variables: 1, rest: ["condition"] },
  "filter/2": { kind: "filter", variables: 1, rest: ["condition"] },
  "map/2": { kind: "map", variables: 1, rest: ["result"] },
  "map/3": { kind: "map", variables: 1, rest: ["condition", "result"] },
  "all/3": { kind: "all", variables: 2, rest: ["condition"] },
  "exists/3": { kind: "exists", variables: 2, rest: ["condition"] },
  "existsOne/3": { kind: "existsOne", variables: 2, rest: ["condition"] },
  "exists_one/3": { kind: "existsOne", variables: 2, rest: ["condition"] },
  "transformList/3": { kind: "map", variables: 2, rest: ["result"] },
  "transformList/4": { kind: "map", variables: 2, rest: ["condition", "result"] },
  "transformMap/3": { kind: "transformMap", variables: 2, rest: ["result"] },
  "transformMap/4": { kind: "transformMap", variables: 2, rest: ["condition", "result"] },
  "transformMapEntry/3": { kind: "transformMapEntry", variables: 2, rest: ["result"] },
  "transformMapEntry/4": {
    kind: "transformMapEntry",
    variables: 2,
    rest: ["condition", "result"],
  },
};

export function expandMacro(call: CallNode): Node {
  const { name, target, args, at } = call;
  if (target === undefined) return name === "has" && args.length === 1 ? presence(call) : call;
  const shape = SHAPES[`${name}/${args.length}`];
  if (shape !== undefined) return comprehension(call, target, shape);
  if (args.length !== 2 || !["optMap", "optFlatMap", "sortBy"].includes(name)) return call;
  const [first, second] = args as [Node, Node];
  const variable = variableName(first, `${name}() variable name must be a simple identifier`);
  if (name === "sortBy") return { is: "sortBy", at, target, variable, key: second };
  const flat = name === "optFlatMap";
  return { is: "optMap", at, flat, target, variable, result: second };
}

function presence({ at, args: [argument] }: CallNode): Node {
  if (argument?.is !== "select" || argument.optional) {
    throw new CelSyntaxError(argument?.at ?? at, "invalid argument to has() macro");
  }
  return { is: "has", at, operand: argument.operand, field: argument.field };
}

function comprehension({ at, args }: CallNode, range: Node, shape: MacroShape): ComprehensionNode {
  const variables = args
    .slice(0, shape.variables)
    .map((arg) => variableName(arg, "argument must be a simple name"));
  if (variables.length === 2 && variables[0] === variables[1]) {
    throw new CelSyntaxError(args[1]?.at ?? at, `duplicate variable name: ${variables[0]}`);
  }
  const parts: { condition?: Node; result?: Node } = {};
  shape.rest.forEach((part, index) => {
    const node = args[shape.variables + index];
    if (node !== undefined) parts[part] = node;
  });
  return { is: "comprehension", at, kind: shape.kind, range, variables, ...parts };
}

function variableName(node: Node, message: string): string {
  if (node.is === "ident") return node.name;
  throw new CelSyntaxError(node.at, message);
}
