// What an expression may speak of: variables, types it may build, and functions.

import type { CelType } from "./check/cel-type.ts";
import type { CheckedExpression } from "./check/check.ts";
import type { Evaluation } from "./evaluate/evaluation.ts";
import type { Library, Overload } from "./library/overload.ts";
import type { CelValue } from "./values/value.ts";

/** A type that expressions may build: `JSONPatch{op: "add"}`. */
export interface StructDeclaration {
  readonly type: CelType;
  field(name: string): CelType | undefined;
  build(fields: ReadonlyMap<string, CelValue>): CelValue;
}

export interface EnvironmentOptions {
  readonly variables?: Readonly<Record<string, CelType>>;
  readonly libraries?: readonly Library[];
  /** Names that stand for types, such as `net.IP`. */
  readonly types?: readonly CelType[];
  readonly struct?: (name: string) => StructDeclaration | undefined;
}

export interface Program {
  readonly outputType: CelType;
  /** Names of variables the expression mentions. */
  readonly mentions: ReadonlySet<string>;
  /** `variables` answers names lazily. Throws `CelError`, or `CelCostError` when it costs too much. */
  evaluate(variables: (name: string) => CelValue | undefined, evaluation?: Evaluation): CelValue;
}

export type Compiled =
  | { readonly program: Program }
  | { readonly program?: undefined; readonly error: string };

/** Looks at an expression before it becomes a program, which keeps nothing of it. */
export type Observe = (checked: CheckedExpression) => void;

export interface Environment {
  readonly functions: ReadonlyMap<string, readonly Overload[]>;
  readonly typeNames: ReadonlyMap<string, CelType>;
  variable(name: string): CelType | undefined;
  struct(name: string): StructDeclaration | undefined;
  extend(options: EnvironmentOptions): Environment;
  /** Never throws for what is wrong with the expression; `observe` sees it when nothing is. */
  compile(source: string, observe?: Observe): Compiled;
}
