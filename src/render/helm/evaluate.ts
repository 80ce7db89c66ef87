// Runs a template over values. Mirrors Go's text/template with Helm's `include`: a missing member is nothing, a member of
// nothing is an error.

import { isRecord } from "../../core/index.ts";
import { FUNCTIONS, isTrue, textOf } from "./functions.ts";
import type { Command, Operand, Pipeline } from "./parse-pipeline.ts";
import type { Branch, Node } from "./parse-template.ts";
import { TemplateError } from "./template-error.ts";

/** Templates by name: those of the chart and of the charts it depends on. */
export type NamedTemplates = ReadonlyMap<string, readonly Node[]>;

interface Scope {
  readonly dot: unknown;
  /** `$` and the variables that are set so far, inner ones on top. */
  readonly variables: Map<string, unknown>;
  readonly named: NamedTemplates;
}

export function evaluateTemplate(
  body: readonly Node[],
  dot: unknown,
  named: NamedTemplates,
): string {
  return write(body, { dot, variables: new Map([["$", dot]]), named });
}

function write(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => writeNode(node, scope)).join("");
}

function writeNode(node: Node, scope: Scope): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "output":
      return atLine(node.line, () => textOf(evaluate(node.pipeline, scope)));
    case "set":
      scope.variables.set(node.name, evaluate(node.pipeline, scope));
      return "";
    case "if":
    case "with":
      return writeCondition(node, scope);
    case "range":
      return writeLoop(node, scope);
  }
}

function atLine(line: number, run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TemplateError) || error.message.startsWith("line ")) throw error;
    throw new TemplateError(`line ${line}: ${error.message}`, { cause: error });
  }
}

function writeCondition({ kind, pipeline, body, otherwise }: Branch, scope: Scope): string {
  const value = evaluate(pipeline, scope);
  if (!isTrue(value)) return write(otherwise, inner(scope, scope.dot));
  return write(body, inner(scope, kind === "with" ? value : scope.dot));
}

function writeLoop({ pipeline, variables, body, otherwise }: Branch, scope: Scope): string {
  const entries = entriesOf(evaluate(pipeline, scope));
  if (entries.length === 0) return write(otherwise, inner(scope, scope.dot));
  return entries
    .map(([key, item]) => {
      const inside = inner(scope, item);
      const values = variables.length === 1 ? [item] : [key, item];
      variables.forEach((name, index) => inside.variables.set(name, values[index]));
      return write(body, inside);
    })
    .join("");
}

/** A map is walked in the order of its keys. */
function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item] as const);
  if (isRecord(value)) return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (value === undefined || value === null) return [];
  throw new TemplateError("range wants a list or a map");
}

function inner({ variables, named }: Scope, dot: unknown): Scope {
  return { dot, variables: new Map(variables), named };
}

function evaluate(pipeline: Pipeline, scope: Scope): unknown {
  return pipeline.reduce<{ readonly value?: unknown }>(
    (previous, command) => ({
      value: evaluateCommand(command, "value" in previous ? [previous.value] : [], scope),
    }),
    {},
  ).value;
}

function evaluateCommand(
  [head, ...rest]: Command,
  piped: readonly unknown[],
  scope: Scope,
): unknown {
  if (head?.kind !== "function") {
    if (rest.length > 0 || piped.length > 0)
      throw new TemplateError("a value is called like a function");
    return head && valueOf(head, scope);
  }
  const parameters = [...rest.map((operand) => valueOf(operand, scope)), ...piped];
  if (head.name === "include") return include(parameters, scope);
  const run = Object.hasOwn(FUNCTIONS, head.name) ? FUNCTIONS[head.name] : undefined;
  if (run === undefined) throw new TemplateError(`the function ${head.name} is not known here`);
  return run(...parameters);
}

function include([name, dot]: readonly unknown[], { named }: Scope): string {
  const body = named.get(textOf(name));
  if (body === undefined) throw new TemplateError(`no template is named ${textOf(name)}`);
  return evaluateTemplate(body, dot, named);
}

function valueOf(operand: Operand, scope: Scope): unknown {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "pipeline":
      return evaluate(operand.pipeline, scope);
    case "function":
      return evaluateCommand([operand], [], scope);
    case "field":
      return fieldOf(operand.variable, operand.names, scope);
  }
}

function fieldOf(variable: string, names: readonly string[], { dot, variables }: Scope): unknown {
  if (variable !== "" && !variables.has(variable))
    throw new TemplateError(`the variable ${variable} is not set`);
  const start = variable === "" ? dot : variables.get(variable);
  return names.reduce((value, name) => {
    if (isRecord(value)) return Object.hasOwn(value, name) ? value[name] : undefined;
    throw new TemplateError(
      `nothing is there that could have .${name} (${variable}.${names.join(".")})`,
    );
  }, start);
}
