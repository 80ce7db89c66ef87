// The part of kubectl's JSONPath that printer columns use: fields, indexes, slices of one, wildcards and one comparison
// in a filter. Anything else is refused when parsing. Mirrors the accepted part of k8s.io/client-go util/jsonpath.

import { isRecord } from "../../../core/index.ts";

type Step =
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "index"; readonly index: number }
  | { readonly type: "wildcard" }
  | {
      readonly type: "filter";
      readonly path: readonly Step[];
      readonly operator: Operator | "exists";
      readonly literal: string | number | boolean | undefined;
    };

const OPERATORS = ["==", "!=", "<=", ">=", "<", ">"] as const;
type Operator = (typeof OPERATORS)[number];

export interface JsonPath {
  /** Every value the path leads to, in order; empty when it leads nowhere. */
  find(value: unknown): readonly unknown[];
}

const parsed = new Map<string, JsonPath | undefined>();

/** Undefined when the path uses more than this subset. */
export function parseJsonPath(path: string): JsonPath | undefined {
  if (!parsed.has(path)) {
    const steps = parseSteps(path.replace(/^\{(.*)\}$/, "$1").replace(/^\$/, ""));
    parsed.set(path, steps === undefined ? undefined : { find: (value) => walk([value], steps) });
  }
  return parsed.get(path);
}

/** `.name`, with dots in a name escaped by a backslash. */
const FIELD = /^\.((?:\\.|[^.[\]\\*'"()\s])+)/;
const QUOTED = /^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/;
const INDEX = /^\[(-?\d+)\]/;
const WILDCARD = /^(?:\[\*\]|\.\*)/;
const FILTER_START = "[?(";

function parseSteps(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.startsWith(".") || path.startsWith("[") || path === "" ? path : `.${path}`;
  while (rest !== "" && rest !== ".") {
    const next = parseStep(rest);
    if (next === undefined) return undefined;
    steps.push(next.step);
    rest = rest.slice(next.length);
  }
  return steps;
}

function parseStep(rest: string): { readonly step: Step; readonly length: number } | undefined {
  const wildcard = WILDCARD.exec(rest);
  if (wildcard) return { step: { type: "wildcard" }, length: wildcard[0].length };
  const field = FIELD.exec(rest) ?? QUOTED.exec(rest);
  if (field) {
    const name = (field[1] ?? field[2] ?? "").replaceAll(/\\(.)/g, "$1");
    return { step: { type: "field", name }, length: field[0].length };
  }
  const index = INDEX.exec(rest);
  if (index) return { step: { type: "index", index: Number(index[1]) }, length: index[0].length };
  return rest.startsWith(FILTER_START) ? parseFilter(rest) : undefined;
}

const FILTER =
  /^\[\?\(\s*@((?:[^=!<>()'"]|'[^']*'|"[^"]*")*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*\)\]/;

function parseFilter(rest: string): { readonly step: Step; readonly length: number } | undefined {
  const match = FILTER.exec(rest);
  if (!match) return undefined;
  const path = parseSteps(match[1] ?? "");
  const operator = OPERATORS.find((one) => one === match[2]) ?? "exists";
  const literal = match[3] === undefined ? undefined : parseLiteral(match[3]);
  if (path === undefined || (operator !== "exists" && literal === undefined)) return undefined;
  return { step: { type: "filter", path, operator, literal }, length: match[0].length };
}

function parseLiteral(text: string): string | number | boolean | undefined {
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? "";
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function walk(values: readonly unknown[], steps: readonly Step[]): readonly unknown[] {
  let found = values;
  for (const step of steps) found = found.flatMap((value) => takeStep(value, step));
  return found;
}

function takeStep(value: unknown, step: Step): readonly unknown[] {
  switch (step.type) {
    case "field":
      return isRecord(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case "index": {
      const item = Array.isArray(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case "wildcard":
      if (Array.isArray(value)) return value;
      return isRecord(value) ? Object.values(value) : [];
    case "filter":
      return Array.isArray(value) ? value.filter((item) => passes(item, step)) : [];
  }
}

function passes(item: unknown, step: Extract<Step, { readonly type: "filter" }>): boolean {
  const [left] = walk([item], step.path);
  if (left === undefined) return false;
  const right = step.literal;
  switch (step.operator) {
    case "exists":
      return true;
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return isOrdered(left, right, step.operator);
  }
}

function isOrdered(left: unknown, right: unknown, operator: "<" | "<=" | ">" | ">="): boolean {
  const areNumbers = typeof left === "number" && typeof right === "number";
  const areTexts = typeof left === "string" && typeof right === "string";
  if (!areNumbers && !areTexts) return false;
  if (left === right) return operator.endsWith("=");
  return operator.startsWith("<") ? left < right : left > right;
}
