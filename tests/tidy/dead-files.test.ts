import { describe, expect, it } from "vitest";

import { checkDeadFiles } from "./dead-files.ts";
import { createSourceFile } from "./source-file.ts";
import { formatViolation } from "./violation.ts";

function check(files: Readonly<Record<string, string>>): readonly string[] {
  const all = Object.entries(files).map(([path, text]) => createSourceFile(path, text));
  return checkDeadFiles(all).map(formatViolation);
}

const DEAD =
  "src/core/a.ts:1: nothing imports this file; " +
  "use it where it is needed, or delete it with its test";

const ALIVE = [
  { name: "imported", by: { "src/core/b.ts": `import "./a.ts";` } },
  { name: "loaded lazily", by: { "src/core/b.ts": `await import("./a.ts");` } },
  { name: "re-exported", by: { "src/core/b.ts": `export * from "./a.ts";` } },
  { name: "imported for its types", by: { "src/core/b.ts": `import type { A } from "./a.ts";` } },
  { name: "a worker", by: { "src/core/b.ts": `new Worker(new URL("./a.ts", import.meta.url));` } },
];

describe("dead files", () => {
  it.each(ALIVE)("a file is alive when $name", ({ by }) => {
    const door = { "src/core/index.ts": `import "./b.ts";` };
    expect(check({ ...door, "src/core/a.ts": "", ...by })).toEqual([]);
  });

  it("doors and the command are alive by themselves", () => {
    expect(check({ "src/index.ts": "", "src/core/index.ts": "", "src/cli/main.ts": "" })).toEqual(
      [],
    );
  });

  it("a file is dead when only its test imports it", () => {
    expect(check({ "src/core/a.ts": "", "src/core/a.test.ts": `import "./a.ts";` })).toEqual([
      DEAD,
    ]);
  });
});
