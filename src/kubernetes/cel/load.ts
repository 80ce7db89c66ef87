// The way to the expression language for those who do without it most of the time: it is loaded when somebody asks.

import type * as expressions from "./index.ts";

export type Expressions = typeof expressions;

let loading: Promise<Expressions> | undefined;

export function loadExpressions(): Promise<Expressions> {
  return (loading ??= import("./index.ts"));
}
