// A definition is data: this finds what JSON cannot carry, before anything else looks at the value.

import type { Path } from "../../core/index.ts";
import { notData, tooDeep } from "../diagnostics.ts";
import type { ReadContext } from "./schema.ts";

/** Deeper than any definition; keeps every later walk within the stack. */
const DEPTH_MAX = 64;

/** Whether the value is plain data; every place where it is not is reported. */
export function reportNonData(value: unknown, path: Path, context: ReadContext): boolean {
  return visit(value, path, { report: context.report, open: new Set() });
}

interface Walk {
  readonly report: ReadContext["report"];
  /** Objects between the root and here. */
  readonly open: Set<object>;
}

function visit(value: unknown, path: Path, walk: Walk): boolean {
  const problem = problemOf(value, walk);
  if (problem !== undefined) {
    walk.report(notData(path, problem));
    return false;
  }
  if (typeof value !== "object" || value === null) return true;
  if (walk.open.size >= DEPTH_MAX) {
    walk.report(tooDeep(path, { limit: DEPTH_MAX }));
    return false;
  }
  walk.open.add(value);
  const valid = membersOf(value).map(([key, member]) => visit(member, [...path, key], walk));
  walk.open.delete(value);
  return !valid.includes(false);
}

function membersOf(value: object): readonly (readonly [string | number, unknown])[] {
  // Holes of a list count as undefined.
  return Array.isArray(value)
    ? Array.from(value, (item, index) => [index, item] as const)
    : Object.entries(value);
}

const PROBLEMS: Readonly<Record<string, { found: string; hint: string }>> = {
  undefined: { found: "undefined", hint: "leave the key out; null removes it in an override" },
  function: { found: "a function", hint: "call it, or write the value it would return" },
  symbol: { found: "a symbol", hint: "write text" },
  bigint: { found: "a bigint", hint: "write a number or text" },
};

function problemOf(value: unknown, { open }: Walk): { found: string; hint: string } | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { found: String(value), hint: "write a finite number" };
  }
  if (typeof value !== "object" || value === null) return PROBLEMS[typeof value];
  if (open.has(value)) {
    return { found: "a value that contains itself", hint: "write the inner value out" };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) || prototype === null || isPlainPrototype(prototype)) return undefined;
  return { found: `an instance of ${className(value)}`, hint: "write a plain record" };
}

/** Also of another realm: a definition may have been evaluated in its own context. */
function isPlainPrototype(prototype: unknown): boolean {
  return (
    prototype === Object.prototype ||
    (typeof prototype === "object" &&
      prototype !== null &&
      Object.hasOwn(prototype, "isPrototypeOf"))
  );
}

function className(value: object): string {
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name !== ""
    ? constructor.name
    : "a class";
}
