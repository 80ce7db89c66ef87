// What one type check carries along, and how it reports.

import type { CelIssue } from "../cel-issue.ts";
import type { Environment } from "../environment.ts";
import type { Overload } from "../library/overload.ts";
import type { Node } from "../syntax/node.ts";
import { type Bindings, substitute } from "./assignable.ts";
import { type CelType, ERROR, formatType, param } from "./cel-type.ts";

/** What a node turned out to be, where its shape does not say. */
export type Reading =
  | { readonly is: "variable"; readonly name: string }
  | { readonly is: "type"; readonly type: CelType }
  | { readonly is: "call"; readonly overloads: readonly Overload[]; readonly withTarget: boolean };

/** Names bound by macros, innermost first. */
export interface Locals {
  readonly name: string;
  readonly type: CelType;
  readonly outer: Locals | undefined;
}

export interface Checking {
  readonly environment: Environment;
  readonly issues: CelIssue[];
  readonly readings: Map<Node, Reading>;
  /** With what was known when each was checked: `bindings` may say more. */
  readonly types: Map<Node, CelType>;
  readonly mentions: Set<string>;
  readonly bindings: Bindings;
  freeTypes: number;
  /** Inside the arguments of `format`, where lists and maps may mix types. */
  mayMix: boolean;
  check(node: Node, locals: Locals | undefined): CelType;
}

export function report(checking: Checking, at: number, message: string): CelType {
  checking.issues.push({ at, message });
  return ERROR;
}

export function freeType(checking: Checking): CelType {
  checking.freeTypes += 1;
  return param(`_var${checking.freeTypes - 1}`);
}

export function resolved(checking: Checking, type: CelType): CelType {
  return substitute(checking.bindings, type);
}

export function mismatch(checking: Checking, node: Node, wanted: CelType, type: CelType): CelType {
  const words = `expected type '${formatType(wanted)}' but found '${formatType(type)}'`;
  return report(checking, node.at, words);
}
