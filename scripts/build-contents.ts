// Checks what the package would contain: no tests, no dependency that a user does not get, nothing forgotten.

import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";

import { findImports } from "./module-imports.ts";
import { parseSource } from "./parse-source.ts";
import { REPOSITORY } from "./run-command.ts";

/** Files that `dist/` may hold; anything else got there by mistake. */
const SHIPPED =
  /\.(js|d\.ts)$|^cluster\/network\/process-hook\.cjs$|^platform\.schema\.json$|^\.built$/;
const TEST_FILE = /\.test\.|(^|[/.])conformance\.|(^|\/)(testing|testdata|fixtures)\//;
/** Says how many files there are; throws with every problem found. */
export function checkShippedFiles(dist: string): string {
  const files = listFiles(dist);
  const problems = [...checkPromises(files), ...files.flatMap((file) => checkFile(dist, file))];
  if (problems.length > 0) throw new Error(`dist is not fit to publish\n${problems.join("\n")}`);
  return `${files.length} files`;
}

function checkFile(dist: string, file: string): readonly string[] {
  if (TEST_FILE.test(file)) return [`${file}: a test; exclude it in tsconfig.build.json`];
  if (!SHIPPED.test(file)) return [`${file}: neither JavaScript nor types; put data in a .ts file`];
  if (!file.endsWith(".js")) return [];
  return importedPackages(readFileSync(join(dist, file), "utf8"), file)
    .filter((name) => !productionPackages().has(name))
    .map((name) => `${file}: imports ${name}, which is not in package.json's dependencies`);
}

/** Names of the packages a compiled file imports, without Node's own modules. */
function importedPackages(text: string, file: string): readonly string[] {
  const specifiers = findImports(parseSource(text, file)).map(({ specifier }) => specifier);
  return specifiers
    .filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier))
    .map((specifier) =>
      specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

/** Every file of `dist/` that package.json names. */
function checkPromises(files: readonly string[]): readonly string[] {
  const text = JSON.stringify([manifest().bin, manifest().exports]);
  const promised = [...text.matchAll(/"(?:\.\/)?dist\/([^"]+)"/g)].map((match) => match[1] ?? "");
  return promised
    .filter((file) => !files.includes(file))
    .map((file) => `${file}: missing, and package.json names it`);
}

function productionPackages(): ReadonlySet<string> {
  return new Set(Object.keys(manifest().dependencies));
}

interface Manifest {
  readonly bin: unknown;
  readonly exports: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
}

/** Paths relative to the folder, with forward slashes, sorted. */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted();
}
