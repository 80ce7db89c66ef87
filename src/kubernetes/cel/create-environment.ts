// Makes environments. One is made once and extended; compiled expressions are kept by their text.

import { printIssues } from "./cel-issue.ts";
import { checkExpression } from "./check/check.ts";
import { type CelType, formatType } from "./check/cel-type.ts";
import type { Compiled, Environment, EnvironmentOptions, Observe, Program } from "./environment.ts";
import { Evaluation } from "./evaluate/evaluation.ts";
import { planNode } from "./evaluate/plan.ts";
import { type Library, type Overload, readLibrary } from "./library/overload.ts";
import { checkLiterals } from "./check/literal-arguments.ts";

/** As many as one kind's rules, several times over. */
const CACHE_MAX = 2000;

export function createEnvironment(options: EnvironmentOptions, parent?: Environment): Environment {
  const functions = withLibraries(parent?.functions, options.libraries ?? []);
  const typeNames = new Map(parent?.typeNames);
  for (const type of options.types ?? []) typeNames.set(typeNameOf(type), type);
  const variables = options.variables ?? {};
  const cache = new Map<string, Compiled>();
  const environment: Environment = {
    functions,
    typeNames,
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : parent?.variable(name)),
    struct: (name) => options.struct?.(name) ?? parent?.struct(name),
    extend: (more) => createEnvironment(more, environment),
    compile(source, observe) {
      const known = observe === undefined ? cache.get(source) : undefined;
      if (known !== undefined) return known;
      const compiled = compileIn(environment, source, observe);
      if (cache.size >= CACHE_MAX) cache.clear();
      cache.set(source, compiled);
      return compiled;
    },
  };
  return environment;
}

function typeNameOf(type: CelType): string {
  if (type.is === "list" || type.is === "map" || type.is === "type") return type.is;
  if (type.is === "optional") return "optional_type";
  return type.is === "null" ? "null_type" : formatType(type);
}

function withLibraries(
  inherited: ReadonlyMap<string, readonly Overload[]> | undefined,
  libraries: readonly Library[],
): ReadonlyMap<string, readonly Overload[]> {
  if (libraries.length === 0 && inherited !== undefined) return inherited;
  const functions = new Map(inherited);
  for (const overload of libraries.flatMap(readLibrary)) {
    functions.set(overload.name, [...(functions.get(overload.name) ?? []), overload]);
  }
  return functions;
}

function compileIn(
  environment: Environment,
  source: string,
  observe: Observe | undefined,
): Compiled {
  const checked = checkExpression(environment, source);
  const { root } = checked;
  const issues =
    root === undefined || checked.issues.length > 0 ? checked.issues : checkLiterals(root);
  if (root === undefined || issues.length > 0) return { error: printIssues(source, issues) };
  observe?.(checked);
  const run = planNode(root, checked.readings, environment);
  const program: Program = {
    outputType: checked.outputType,
    mentions: checked.mentions,
    evaluate: (variables, evaluation = new Evaluation()) => run({ variables, evaluation }),
  };
  return { program };
}
