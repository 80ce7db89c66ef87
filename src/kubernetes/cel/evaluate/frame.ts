// What a planned expression is, and what it runs with.

import type { Reading } from "../check/checking.ts";
import type { Environment } from "../environment.ts";
import type { Node } from "../syntax/node.ts";
import { runtimeTypeName } from "../values/kinds.ts";
import { CelError, type CelValue } from "../values/value.ts";
import type { Evaluation } from "./evaluation.ts";

export interface Frame {
  readonly variables: (name: string) => CelValue | undefined;
  readonly evaluation: Evaluation;
  readonly locals?: Local;
}

export interface Local {
  readonly name: string;
  readonly value: CelValue;
  readonly outer: Local | undefined;
}

export type Plan = (frame: Frame) => CelValue;

export interface Planning {
  readonly readings: ReadonlyMap<Node, Reading>;
  readonly environment: Environment;
  plan(node: Node): Plan;
}

export function withLocal(frame: Frame, name: string, value: CelValue): Frame {
  return { ...frame, locals: { name, value, outer: frame.locals } };
}

export function noSuchOverload(name: string, values: readonly CelValue[]): never {
  throw new CelError(`no such overload: ${name}(${values.map(runtimeTypeName).join(", ")})`);
}
