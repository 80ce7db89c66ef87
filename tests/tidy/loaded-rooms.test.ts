// `keelson cluster` promises an answer within half a second, so it loads none of the rooms that describe platforms.

import { expect, it } from "vitest";

import { resolvedImports } from "./resolve-import.ts";
import { roomOf } from "./rooms.ts";
import { loadSourceFiles } from "./source-file.ts";

/** Rooms of all files that are loaded with this one: static imports and re-exports, and theirs. */
function loadedRooms(start: string): ReadonlySet<string> {
  const files = new Map(loadSourceFiles(".").map((file) => [file.path, file]));
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = files.get(path);
    if (file === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const { target, form, typeOnly } of resolvedImports(file))
      if (target !== undefined && !typeOnly && form !== "dynamic" && form !== "url")
        open.push(target);
  }
  return new Set([...seen].map(roomOf).filter((room) => room !== undefined));
}

it("keelson cluster loads no more than what a cluster is", () => {
  const rooms = [...loadedRooms("src/cli/run-cluster.ts")].toSorted();
  expect(rooms).toEqual(["cli", "cluster", "core", "kubernetes"]);
});
