// The few facts about a module's syntax that positions need: its constants, and the expression that is the definition.

import type { Expression, Node, Program, Statement } from "@babel/types";

/** Top-level constants by name. */
export type Constants = ReadonlyMap<string, Expression>;

export function constantsOf({ body }: Program): Constants {
  const constants = new Map<string, Expression>();
  for (const declaration of body.map(declarationOf)) {
    if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === "Identifier" && init) constants.set(id.name, init);
    }
  }
  return constants;
}

function declarationOf(statement: Statement): Statement | null | undefined {
  return statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
}

/** Without parentheses and what only the type checker sees. */
export function unwrap(node: Node): Node {
  const isWrapped =
    node.type === "TSAsExpression" ||
    node.type === "TSSatisfiesExpression" ||
    node.type === "TSTypeAssertion" ||
    node.type === "TSNonNullExpression" ||
    node.type === "ParenthesizedExpression";
  return isWrapped ? unwrap(node.expression) : node;
}

const DEFINE = "definePlatform";

/** What `definePlatform` is given, or the default export itself. */
export function rootOf(program: Program): Node | undefined {
  const exported = program.body.find((statement) => statement.type === "ExportDefaultDeclaration");
  const constants = constantsOf(program);
  const candidates = [exported?.declaration, ...constants.values()];
  for (const candidate of candidates) {
    const argument = candidate && definedBy(candidate, constants);
    if (argument !== undefined) return argument;
  }
  return exported?.declaration;
}

/** The argument of `definePlatform(…)`, directly or behind constants. */
function definedBy(node: Node, constants: Constants, depth = 0): Node | undefined {
  const inner = unwrap(node);
  if (inner.type === "Identifier" && depth < constants.size) {
    const value = constants.get(inner.name);
    return value && definedBy(value, constants, depth + 1);
  }
  if (inner.type !== "CallExpression") return undefined;
  const { callee } = inner;
  const name =
    callee.type === "MemberExpression" && callee.property.type === "Identifier"
      ? callee.property.name
      : callee.type === "Identifier"
        ? callee.name
        : undefined;
  return name === DEFINE ? inner.arguments[0] : undefined;
}
