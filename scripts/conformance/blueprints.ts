// The shipped blueprints compiled in this process: what suites compare real tools' output with. Trees on disk come from the built
// command instead, so that `make conformance` also judges what is shipped.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { type Compiled, LOCK_FILE, readLock } from "../../src/model/index.ts";
import { REPOSITORY } from "../run-command.ts";

const FOLDER = join(REPOSITORY, "blueprints");

/** Sorted; all when none are chosen. */
export function blueprintNames(chosen: readonly string[]): readonly string[] {
  const all = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "platform.ts")));
  return chosen.length === 0 ? all.toSorted() : chosen;
}

type Fields = Readonly<Record<string, unknown>>;

/** `over` makes another definition of the blueprint's own. Throws what was found when nothing is compiled. */
export async function compileBlueprint(
  name: string,
  over: (definition: Fields) => Fields = (definition) => definition,
): Promise<Compiled> {
  const module: { readonly default: Fields } = await import(
    pathToFileURL(join(FOLDER, name, "platform.ts")).href
  );
  const { value: lock } = readLock(readFileSync(join(FOLDER, name, LOCK_FILE), "utf8"), LOCK_FILE);
  const definition = over(module.default);
  const { value, diagnostics } = compile({ definition, registry, lock, sealed: {} });
  if (value === undefined) {
    const found = diagnostics.map(({ code, message }) => `${code}: ${message}`);
    throw new Error(`${name} does not compile\n${found.join("\n")}`);
  }
  return value;
}
