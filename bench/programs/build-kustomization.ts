// Keelson's side of the kustomize benchmark: reads a folder, builds it, writes one YAML stream.
// Usage: node build-kustomization.mjs DIST FOLDER OUTPUT

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { stringify } from "yaml";

// Types only: at run time the built room is loaded, as a user's process does.
import type * as Render from "../../src/render/index.ts";

const [dist = "", folder = "", output = ""] = process.argv.slice(2);
const room = pathToFileURL(join(dist, "render", "index.js")).href;
const { buildKustomization }: typeof Render = await import(room);

const names = readdirSync(folder);
const files = new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const { objects, diagnostics } = buildKustomization(files, "");
if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
writeFileSync(output, objects.map((object) => stringify(object)).join("---\n"));
