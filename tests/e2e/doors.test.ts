// The doors of the package say the same when they are built: bundling neither loses nor adds an export.

import { pathToFileURL } from "node:url";

import { expect, it } from "vitest";

import * as cluster from "../../src/cluster/index.ts";
import * as keelson from "../../src/index.ts";

const DIST = new URL("../../dist/", import.meta.url).pathname;

it.each([
  { door: "index.js", source: keelson },
  { door: "cluster/index.js", source: cluster },
])("$door", async ({ door, source }) => {
  const built: object = await import(/* @vite-ignore */ pathToFileURL(DIST + door).href);
  expect(Object.keys(built).toSorted()).toEqual(Object.keys(source).toSorted());
});
