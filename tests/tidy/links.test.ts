import { describe, expect, it } from "vitest";

import { checkLinks } from "./links.ts";
import { createSourceFile } from "./source-file.ts";
import { formatViolation } from "./violation.ts";

const EXISTING = new Set(["docs/b.md", "README.md"]);

function check(text: string): readonly string[] {
  const file = createSourceFile("docs/a.md", text);
  return checkLinks([file], (path) => EXISTING.has(path)).map(formatViolation);
}

describe("links", () => {
  it.each([
    "[b](b.md)",
    "[b](./b.md#part)",
    "[up](../README.md)",
    "[web](https://example.com/x)",
    "[here](#part)",
    "`[code](missing.md)`",
    "```\n[code](missing.md)\n```",
  ])("allow: %s", (text) => {
    expect(check(text)).toEqual([]);
  });

  it("refuse a target that does not exist", () => {
    expect(check("# A\n\n`x` and [gone](gone.md).")).toEqual([
      "docs/a.md:3: links to gone.md, which does not exist; " +
        "correct the link, or remove it until its target exists",
    ]);
  });
});
