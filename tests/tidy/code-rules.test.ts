// One table for the rules that look at one file at a time: the exact message for a wrong file, nothing for a right one.

import { describe, expect, it } from "vitest";

import { checkBannedGlobals } from "./banned-globals.ts";
import { checkDefaultExports } from "./default-exports.ts";
import { checkExplicitAny } from "./explicit-any.ts";
import { checkFileLength } from "./file-length.ts";
import { checkFileNames } from "./file-names.ts";
import { checkPureRooms } from "./pure-rooms.ts";
import { createSourceFile, type SourceFile } from "./source-file.ts";
import { formatViolation, type Violation } from "./violation.ts";

interface Case {
  readonly rule: (files: readonly SourceFile[]) => readonly Violation[];
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const CLOCK = "take a Clock of core/clock.ts and ask it";
const TIMER = "take a Clock of core/clock.ts and call its setTimer, sleep or defer";

const RIGHT: readonly Case[] = [
  right(checkPureRooms, "packages in a pure room", "src/core/a.ts", `import "croner";`),
  right(
    checkPureRooms,
    "Node in a component's behaviour",
    "src/components/delivery/argocd/behaviour/git.ts",
    `import "node:fs";`,
  ),
  right(checkPureRooms, "Node in delivery", "src/delivery/a.ts", `import "node:fs";`),
  right(checkPureRooms, "Node in a test", "src/core/a.test.ts", `import "node:fs";`),
  right(checkBannedGlobals, "the clock itself", "src/core/clock.ts", `Date.now();`),
  right(checkBannedGlobals, "a date from a number", "src/core/a.ts", `new Date(0);`),
  right(checkBannedGlobals, "a method of that name", "src/core/a.ts", `clock.setTimeout(f, 1);`),
  right(checkBannedGlobals, "an option of that name", "src/core/a.ts", `f({ console: true });`),
  right(checkBannedGlobals, "the command line", "src/cli/a.ts", `process.env["HOME"];`),
  right(checkBannedGlobals, "tools", "scripts/a.ts", `console.log(Date.now());`),
  right(checkExplicitAny, "the word in a comment", "src/core/a.ts", `// any number\n`),
  right(checkExplicitAny, "JSON", "src/core/json.ts", `const a: any = 1;`),
  right(checkDefaultExports, "a definition", "blueprints/a/platform.ts", `export default {};`),
  right(checkFileLength, "500 lines", "src/core/a.ts", "\n".repeat(499) + "a"),
  right(checkFileLength, "a long test", "src/core/a.test.ts", "a\n".repeat(600)),
  right(checkFileLength, "a table of facts", "src/core/a.facts.ts", "a\n".repeat(600)),
  right(checkFileNames, "a noun", "src/core/resolve-plan.ts", `// What it is.\n`),
  right(checkFileNames, "a command", "src/cli/main.ts", `#!/usr/bin/env node\n// What it is.\n`),
  right(checkFileNames, "a door without a header", "src/core/index.ts", `export {};`),
];

const WRONG: readonly (Case & { readonly message: string })[] = [
  {
    ...right(checkPureRooms, "the disk", "src/compiler/a.ts", `\nimport "node:fs/promises";`),
    message:
      "src/compiler/a.ts:2: compiler is pure and imports node:fs/promises; " +
      "pass the value in, or do this in delivery, runtime or cli",
  },
  wrongGlobal("Date.now()", "Date.now", CLOCK),
  wrongGlobal("new Date()", "new Date()", CLOCK),
  wrongGlobal("performance.now()", "performance.now", CLOCK),
  wrongGlobal("Math.random()", "Math.random", "take an Rng of core/rng.ts and draw from it"),
  wrongGlobal("setTimeout(f, 1)", "setTimeout", TIMER),
  wrongGlobal("globalThis.setInterval(f, 1)", "setInterval", TIMER),
  wrongGlobal("const later = setImmediate", "setImmediate", TIMER),
  wrongGlobal("start({ wait: setTimeout })", "setTimeout", TIMER),
  wrongGlobal(`import { setTimeout } from "node:timers/promises"`, "node:timers/promises", TIMER),
  wrongGlobal(
    `process.env["HOME"]`,
    "process.env",
    "take the value as an option; src/cli reads the environment",
  ),
  wrongGlobal(
    "console.log(1)",
    "console",
    "return the text, or write to the stream that is passed in",
  ),
  {
    ...right(checkExplicitAny, "any", "bench/a.ts", `export const a: readonly any[] = [];`),
    message: "bench/a.ts:1: uses any; write unknown and a guard",
  },
  {
    ...right(checkDefaultExports, "a default", "src/core/a.ts", `export default 1;`),
    message: "src/core/a.ts:1: exports a default; export it by its name",
  },
  {
    ...right(checkFileLength, "501 lines", "src/core/a.ts", "a\n".repeat(501)),
    message:
      "src/core/a.ts:501: 501 lines, more than 500; split it by idea, one exported noun per file",
  },
  {
    ...right(checkFileNames, "a dump", "src/core/utils.ts", `// Everything.\n`),
    message:
      "src/core/utils.ts:1: utils.ts says nothing about what is inside; " +
      "name it by its one idea, e.g. format-table.ts",
  },
  {
    ...right(checkFileNames, "camel case", "src/core/resolvePlan.ts", `// What it is.\n`),
    message:
      "src/core/resolvePlan.ts:1: resolvePlan.ts is not kebab-case; rename it like resolve-plan.ts",
  },
  {
    ...right(checkFileNames, "no header", "src/core/a.ts", `import "yaml";\n`),
    message:
      "src/core/a.ts:1: has no header comment; " +
      "open it with 2 to 4 lines: what it is, and its source when it mirrors one",
  },
];

describe("rules about one file", () => {
  it.each(RIGHT)("$rule.name allows $name", ({ rule, path, text }) => {
    expect(rule([createSourceFile(path, text)]).map(formatViolation)).toEqual([]);
  });

  it.each(WRONG)("$rule.name refuses $name", ({ rule, path, text, message }) => {
    expect(rule([createSourceFile(path, text)]).map(formatViolation)).toEqual([message]);
  });
});

function right(rule: Case["rule"], name: string, path: string, text: string): Case {
  return { rule, name, path, text };
}

function wrongGlobal(text: string, global: string, instead: string) {
  return {
    ...right(checkBannedGlobals, text, "src/runtime/a.ts", `${text};`),
    message: `src/runtime/a.ts:1: uses ${global}; ${instead}`,
  };
}
