import { describe, expect, it } from "vitest";

import { findImports } from "./module-imports.ts";
import { parseSource } from "./parse-source.ts";

const CASES = [
  { name: "an import", text: `import { a } from "./a.ts";`, form: "import", typeOnly: false },
  { name: "an effect", text: `import "./a.ts";`, form: "import", typeOnly: false },
  { name: "a type", text: `import type { A } from "./a.ts";`, form: "import", typeOnly: true },
  { name: "an inline type", text: `let a: import("./a.ts").A;`, form: "import", typeOnly: true },
  { name: "a re-export", text: `export { a } from "./a.ts";`, form: "export", typeOnly: false },
  { name: "everything", text: `export * from "./a.ts";`, form: "export", typeOnly: false },
  { name: "a lazy load", text: `await import("./a.ts");`, form: "dynamic", typeOnly: false },
  {
    name: "a worker's file",
    text: `new URL("./a.ts", import.meta.url);`,
    form: "url",
    typeOnly: false,
  },
];

describe("findImports", () => {
  it.each(CASES)("finds $name", ({ text, form, typeOnly }) => {
    const found = findImports(parseSource(`\n${text}`, "a.ts"));
    expect(found).toEqual([{ specifier: "./a.ts", line: 2, form, typeOnly }]);
  });

  it.each([
    "export const a = 1;",
    "import(name);",
    `const text = 'import "./a.ts"';`,
    `new URL("./a", "https://example.com");`,
  ])("finds nothing in: %s", (text) => {
    expect(findImports(parseSource(text, "a.ts"))).toEqual([]);
  });
});
