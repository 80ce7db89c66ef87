// Time, chance, the environment and the console belong to one file each; everybody else gets them passed in.

import { nodeField, type SyntaxNode, textField, walkSyntax } from "../../scripts/parse-source.ts";
import { isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

const CLOCK = "take a Clock of core/clock.ts and ask it";
const TIMER = "take a Clock of core/clock.ts and call its setTimer, sleep or defer";

/** What to do instead, for everything that is banned. */
const INSTEAD: Readonly<Record<string, string>> = {
  "Date.now": CLOCK,
  "new Date()": CLOCK,
  "performance.now": CLOCK,
  "process.hrtime": CLOCK,
  "Math.random": "take an Rng of core/rng.ts and draw from it",
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  "process.env": "take the value as an option; src/cli reads the environment",
  console: "return the text, or write to the stream that is passed in",
  "node:timers": TIMER,
  "node:timers/promises": TIMER,
};

interface Owner {
  readonly path: RegExp;
  readonly globals: readonly string[];
  readonly why: string;
}

/** The only exceptions. */
export const OWNERS: readonly Owner[] = [
  {
    path: /^src\/core\/clock\.ts$/,
    globals: ["Date.now", "setTimeout", "setInterval", "setImmediate"],
    why: "it is the real clock",
  },
  {
    path: /^src\/cli\//,
    globals: ["process.env"],
    why: "the command line reads the environment and passes it on",
  },
  {
    path: /^src\/programs\/main\.ts$/,
    globals: ["process.env"],
    why: "a program of its own reads its environment and passes it on",
  },
  {
    path: /^tests\/|\.test\.ts$/,
    globals: ["process.env"],
    why: "tests start programs and may be pointed at optional data",
  },
  {
    path: /^tests\/skip\.ts$/,
    globals: ["console"],
    why: "the test runner attributes console lines to their file",
  },
];

/** Tools around the project run on the real clock and print; tests and the product do not. */
export function checkBannedGlobals(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => /^(src|tests)\//.test(path) && isTypeScript(path))
    .flatMap(checkFile);
}

function checkFile(file: SourceFile): readonly Violation[] {
  const violations: Violation[] = [];
  walkSyntax(file.program(), (node, parent) => {
    const name = bannedName(node, parent);
    if (name === undefined || isOwner(file.path, name)) return;
    const instead = INSTEAD[name] ?? CLOCK;
    violations.push({ file: file.path, line: node.loc.start.line, what: `uses ${name}`, instead });
  });
  return violations;
}

function bannedName(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  const name = readName(node, parent);
  return name !== undefined && Object.hasOwn(INSTEAD, name) ? name : undefined;
}

function readName(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  switch (node.type) {
    case "MemberExpression":
      return readMember(node);
    case "NewExpression":
      return isEmptyDate(node) ? "new Date()" : undefined;
    case "CallExpression":
      return textField(nodeField(node, "callee"), "name");
    case "ImportDeclaration":
      return textField(nodeField(node, "source"), "value");
    case "Identifier":
      return isPassedOn(node, parent) ? textField(node, "name") : undefined;
    default:
      return undefined;
  }
}

/** `Date.now`, `globalThis.setTimeout`, and `console` for anything on the console. */
function readMember(node: SyntaxNode): string | undefined {
  const object = textField(nodeField(node, "object"), "name");
  const property = nodeField(node, "property");
  const key = textField(property, "name") ?? textField(property, "value");
  if (object === "console") return "console";
  return object === "globalThis" ? key : `${object}.${key}`;
}

function isEmptyDate(node: SyntaxNode): boolean {
  const list = node["arguments"];
  const empty = Array.isArray(list) && list.length === 0;
  return empty && textField(nodeField(node, "callee"), "name") === "Date";
}

/** A timer function handed to somebody else, `{ schedule: setTimeout }`. */
function isPassedOn(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === "ObjectProperty") return parent["value"] === node && parent["key"] !== node;
  return parent.type === "VariableDeclarator" && parent["init"] === node;
}

function isOwner(path: string, name: string): boolean {
  return OWNERS.some((owner) => owner.path.test(path) && owner.globals.includes(name));
}
