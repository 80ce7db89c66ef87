import { describe, expect, it } from "vitest";

import { checkImportDirections } from "./import-directions.ts";
import { createSourceFile } from "./source-file.ts";
import { formatViolation } from "./violation.ts";

const DOORS = ["core", "kubernetes", "model", "components", "cluster", "compiler", "verifier"].map(
  (room) => createSourceFile(`src/${room}/index.ts`, ""),
);

function check(path: string, text: string): readonly string[] {
  return checkImportDirections([...DOORS, createSourceFile(path, text)]).map(formatViolation);
}

const ALLOWED = [
  { name: "a lower room's door", path: "src/model/a.ts", text: `import "../core/index.ts";` },
  { name: "a file of the room", path: "src/model/a/b.ts", text: `import "../c.ts";` },
  { name: "a package", path: "src/core/a.ts", text: `import { parse } from "yaml";` },
  {
    name: "a door from the package's door",
    path: "src/index.ts",
    text: `export * from "./cluster/index.ts";`,
  },
  {
    name: "the place of a folder",
    path: "src/cli/main.ts",
    text: `new URL("../../blueprints/", import.meta.url);`,
  },
  {
    name: "the package for a definition that is loaded",
    path: "src/cli/main.ts",
    text: `await import("../index.ts");`,
  },
  {
    name: "a test's tools",
    path: "src/core/a.test.ts",
    text: `import { findTool } from "../../tests/skip.ts";`,
  },
];

const REFUSED = [
  {
    name: "a higher room",
    path: "src/core/a.ts",
    text: `\nimport type { Plan } from "../model/index.ts";`,
    message:
      "src/core/a.ts:2: core (rank 0) imports the higher room model (rank 3); " +
      "move the shared part to a lower room, or pass it in as an argument",
  },
  {
    name: "a peer, lazily",
    path: "src/verifier/a.ts",
    text: `const load = () => import("../compiler/index.ts");`,
    message:
      "src/verifier/a.ts:1: verifier (rank 6) imports its peer compiler (rank 6); " +
      "move the shared part to a lower room, or pass it in as an argument",
  },
  {
    name: "past the door, in a re-export",
    path: "src/model/a.ts",
    text: `export { x } from "../core/path.ts";`,
    message:
      "src/model/a.ts:1: imports ../core/path.ts, inside the room core; " +
      "export it from src/core/index.ts and import that",
  },
  {
    name: "through a wall",
    path: "src/compiler/a.ts",
    text: `import { createCluster } from "../cluster/index.ts";`,
    message:
      "src/compiler/a.ts:1: compiler imports cluster; " +
      "find another way: compiling is pure and must not need a cluster",
  },
  {
    name: "its own door",
    path: "src/model/a.ts",
    text: `import { x } from "./index.ts";`,
    message: "src/model/a.ts:1: imports its own door; import the file that holds it",
  },
  {
    name: "the package's door",
    path: "src/compiler/a.ts",
    text: `import { x } from "../index.ts";`,
    message: "src/compiler/a.ts:1: imports the package's own door; import the room's door",
  },
  {
    name: "what is not shipped",
    path: "src/model/a.ts",
    text: `import { x } from "../../scripts/build.ts";`,
    message:
      "src/model/a.ts:1: imports scripts/build.ts, which is not shipped; " +
      "move it into a room of src/",
  },
  {
    name: "a file outside every room",
    path: "src/stray.ts",
    text: "",
    message: "src/stray.ts:1: a file that belongs to no room; move it into a room of src/",
  },
  {
    name: "a room without a door",
    path: "src/drill/a.ts",
    text: "",
    message:
      "src/drill/index.ts:1: the room drill has no door; export there what other rooms may use",
  },
  {
    name: "a folder that is no room",
    path: "src/lib/a.ts",
    text: "",
    message:
      "src/lib/index.ts:1: src/lib/ is no room; " +
      "move it into a room, or give it a rank in tests/tidy/rooms.ts",
  },
];

describe("import directions", () => {
  it.each(ALLOWED)("allow $name", ({ path, text }) => {
    expect(check(path, text)).toEqual([]);
  });

  it.each(REFUSED)("refuse $name", ({ path, text, message }) => {
    expect(check(path, text)).toEqual([message]);
  });
});
