import { expect, it } from "vitest";
import type { Diagnostic, Span } from "../core/index.ts";
import { renderDiagnostics } from "./print-diagnostics.ts";

const SOURCE = `export default definePlatform({
  databases: { orders: postgres({ instances: 3, backup: daily("03:00") }) },
  recovery: { rpo: { databases: "1h" } },
\tlong: "${"x".repeat(200)}",
});
`;
const sources = new Map([["platform.ts", SOURCE]]);
const at = (text: string, near = false): Span => {
  const start = SOURCE.indexOf(text);
  return { file: "platform.ts", start, end: start + text.length, ...(near ? { near } : {}) };
};
const plain = { colour: false };

const RPO: Diagnostic = {
  code: "recovery/rpo-not-met",
  severity: "error",
  path: ["databases", "orders"],
  message: "orders can lose 24 h of data, the platform promises 1 h",
  hint: 'add walArchive: true (worst case 5 min), or backup: every("1h")',
  span: at("postgres("),
  related: [
    { path: [], message: "the last dump before a failure at 02:59 is from 03:00 the day before" },
    {
      path: ["recovery", "rpo", "databases"],
      message: 'promised by recovery.rpo.databases = "1h"',
      span: at('"1h"'),
    },
  ],
};

it("reads like advice", () => {
  expect(renderDiagnostics([RPO], sources, plain)).toMatchInlineSnapshot(`
    "error[recovery/rpo-not-met]: orders can lose 24 h of data, the platform promises 1 h
      --> platform.ts:2:24  databases.orders
       | 2 |   databases: { orders: postgres({ instances: 3, backup: daily("03:00") }) },
       = the last dump before a failure at 02:59 is from 03:00 the day before
       = promised by recovery.rpo.databases = "1h"  platform.ts:3:33
      hint: add walArchive: true (worst case 5 min), or backup: every("1h")

    1 error
    "
  `);
});

it("says what it can without a position", () => {
  const found: Diagnostic = {
    code: "capacity/no-node-fits",
    severity: "warning",
    path: ["apps", "web"],
    message: "no node\nhas room \u001b[31mfor it",
    related: [{ path: ["clusters", "cloud"], message: "its nodes have 2 CPUs" }],
  };
  expect(renderDiagnostics([found], sources, plain)).toMatchInlineSnapshot(`
    "warning[capacity/no-node-fits]: no node has room ?[31mfor it
      --> apps.web
       = its nodes have 2 CPUs  clusters.cloud

    1 warning
    "
  `);
});

it("marks near places and cuts long lines around them", () => {
  const found: Diagnostic = {
    code: "model/wrong-type",
    severity: "error",
    path: ["long"],
    message: "expected a number",
    span: { ...at("x".repeat(50), true), start: SOURCE.indexOf("xxx") + 150 },
  };
  expect(renderDiagnostics([found], sources, plain)).toMatchInlineSnapshot(`
    "error[model/wrong-type]: expected a number
      --> near platform.ts:4:159  long
       | 4 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",

    1 error
    "
  `);
  const elsewhere = { ...found, span: { file: "other.ts", start: 5, end: 6 } };
  expect(renderDiagnostics([elsewhere], sources, plain)).toContain("--> other.ts  long\n");
});

it("shows errors first when there are too many, and says so", () => {
  const many = Array.from({ length: 5 }, (_, index): Diagnostic => ({
    code: "a/b",
    severity: index < 3 ? "warning" : "error",
    path: ["list", index],
    message: "wrong",
  }));
  expect(renderDiagnostics([...many, ...many], sources, { colour: false, max: 3 }))
    .toMatchInlineSnapshot(`
      "warning[a/b]: wrong
        --> list[0]

      error[a/b]: wrong
        --> list[3]

      error[a/b]: wrong
        --> list[4]

      2 errors, 3 warnings; 3 are shown, 2 more are not
      "
    `);
});

it("paints only when asked to, and adds no words", () => {
  const painted = renderDiagnostics([RPO], sources, { colour: true });
  expect(painted).toContain("\u001b[1;31merror[recovery/rpo-not-met]\u001b[0m");
  const codes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
  expect(painted.replace(codes, "")).toBe(renderDiagnostics([RPO], sources, plain));
});

it("prints nothing for no findings", () => expect(renderDiagnostics([], sources, plain)).toBe(""));
