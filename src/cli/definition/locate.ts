// Which file holds the definition: the one named by -f, a shipped blueprint, or the only candidate in the folder.

import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { PACKAGE_ROOT } from "../package-root.ts";
import { UsageError } from "../usage-error.ts";

export interface DefinitionChoice {
  readonly file?: string;
  readonly blueprint?: string;
}

const NAMES = ["ts", "mts", "js", "mjs", "yaml", "yml", "json"].map((end) => `platform.${end}`);

const BLUEPRINTS = join(PACKAGE_ROOT, "blueprints");

/** Absolute path of the definition. */
export function locateDefinition({ file, blueprint }: DefinitionChoice, cwd: string): string {
  if (file !== undefined && blueprint !== undefined) {
    throw new UsageError("-f and --blueprint name two different definitions", "give one of them");
  }
  if (blueprint !== undefined) return locateBlueprint(blueprint);
  return file === undefined ? onlyCandidate(cwd) : namedFile(file, cwd);
}

export function blueprintNames(): string[] {
  const folders = existsSync(BLUEPRINTS) ? readdirSync(BLUEPRINTS, { withFileTypes: true }) : [];
  return folders
    .filter((entry) => entry.isDirectory() && candidates(join(BLUEPRINTS, entry.name)).length > 0)
    .map(({ name }) => name)
    .toSorted();
}

export function blueprintFolder(name: string): string {
  if (blueprintNames().includes(name)) return join(BLUEPRINTS, name);
  throw new UsageError(
    `there is no blueprint called ${name}`,
    `choose one of ${blueprintNames().join(", ")}`,
  );
}

function locateBlueprint(name: string): string {
  return onlyCandidate(blueprintFolder(name));
}

function namedFile(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  if (existsSync(path)) return path;
  throw new UsageError(`${file} does not exist`);
}

function candidates(folder: string): string[] {
  return NAMES.filter((name) => existsSync(join(folder, name)));
}

function onlyCandidate(folder: string): string {
  const [first, second] = candidates(folder);
  if (first === undefined) {
    throw new UsageError(
      "there is no platform.ts or platform.yaml here",
      "name a file with -f, or try --blueprint local-first",
    );
  }
  if (second !== undefined) {
    throw new UsageError(`both ${first} and ${second} are here`, `choose with -f ${first}`);
  }
  return join(folder, first);
}

/** The path as a person in `cwd` would write it. */
export function displayPath(path: string, cwd: string): string {
  const shown = relative(cwd, path);
  return shown.startsWith("..") ? path : shown;
}
