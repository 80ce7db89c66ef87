import { describe, expect, it } from "vitest";

import { checkFunctionLength, measureFunctions, type Ratchet } from "./function-length.ts";
import { createSourceFile } from "./source-file.ts";
import { formatViolation } from "./violation.ts";

function statements(count: number): string {
  return "  step();\n".repeat(count);
}

function check(text: string, ratchet: Ratchet = {}): readonly string[] {
  return checkFunctionLength([createSourceFile("src/core/a.ts", text)], ratchet).map(
    formatViolation,
  );
}

/** 72 lines: one to open, one to close. */
const LONG = `function run() {\n${statements(70)}}\n`;

describe("function length", () => {
  it("allows 70 lines", () => {
    expect(check(`function run() {\n${statements(68)}}\n`)).toEqual([]);
  });

  it("refuses more", () => {
    expect(check(`\n${LONG}`)).toEqual([
      "src/core/a.ts:2: run has 72 lines, more than 70; name its steps and call them",
    ]);
  });

  it("does not count what has a name of its own inside", () => {
    const inner = `  const inner = () => {\n${statements(40)}  };\n`;
    expect(check(`function outer() {\n${statements(30)}${inner}}\n`)).toEqual([]);
  });

  it("counts everything once the whole is too long", () => {
    const inner = ["a", "b", "c", "d"].map(
      (name) => `const ${name} = () => {\n${statements(60)}};\n`,
    );
    expect(check(`const createStore = () => {\n${inner.join("")}};\n`)).toEqual([
      "src/core/a.ts:1: createStore has 250 lines with those inside it, more than 200; " +
        "name its steps and call them",
    ]);
  });

  it("finds the name of every form", () => {
    const text =
      "const a = () => 1; class B { c() {} } const d = { e() {}, f: () => 2 }; g(() => 3);";
    const names = measureFunctions(createSourceFile("a.ts", text)).map(({ name }) => name);
    expect(names).toEqual(["a", "c", "e", "f", "g"]);
  });
});

describe("the ratchet", () => {
  it("allows a named exception at its recorded length", () => {
    expect(check(LONG, { "src/core/a.ts#run": 72 })).toEqual([]);
  });

  it("refuses growth", () => {
    expect(check(LONG, { "src/core/a.ts#run": 71 })).toEqual([
      "src/core/a.ts:1: run has 72 lines, more than 71; name its steps and call them",
    ]);
  });

  it("wants a smaller length written down", () => {
    expect(check(LONG, { "src/core/a.ts#run": 90 })).toEqual([
      "src/core/a.ts:1: run shrank from 90 to 72 lines; write 72 in tests/tidy/ratchet.json",
    ]);
  });

  it("wants a finished exception removed", () => {
    expect(check("", { "src/core/a.ts#run": 90 })).toEqual([
      "src/core/a.ts:1: run is within the limits now; " +
        `remove "src/core/a.ts#run" from tests/tidy/ratchet.json`,
    ]);
  });
});
