// Everything a definition's folder holds, read and compiled: the definition, its lock and its sealed values.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { compile, type Phase } from "../compiler/index.ts";
import { registry } from "../components/index.ts";
import type { Diagnostic } from "../core/index.ts";
import { hasErrors } from "../core/index.ts";
import type { KindRegistry } from "../kubernetes/index.ts";
import { builtinKinds, createKindRegistry } from "../kubernetes/index.ts";
import type { Compiled, Lock, SealedValues } from "../model/index.ts";
import { LOCK_FILE, readLock } from "../model/index.ts";
import type { DefinitionFile } from "./definition/load-definition.ts";
import { loadDefinition } from "./definition/load-definition.ts";
import { withSpans } from "./definition/positions.ts";
import { readSealed } from "./definition/sealed-files.ts";
import type { PlatformOptions } from "./options.ts";
import type { Sources } from "./output/position.ts";
import type { Terminal } from "./terminal.ts";

export interface LoadedPlatform {
  readonly file: DefinitionFile;
  /** Undefined after an error. */
  readonly definition: unknown;
  readonly lock: Lock | undefined;
  readonly lockFile: string;
  readonly sealed: Readonly<Record<string, SealedValues>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

export async function loadPlatform(
  options: PlatformOptions,
  terminal: Terminal,
): Promise<LoadedPlatform> {
  const { file, value, diagnostics } = await loadDefinition(options, terminal);
  const lockFile = join(file.folder, LOCK_FILE);
  const lockText = existsSync(lockFile) ? readFileSync(lockFile, "utf8") : undefined;
  const lock = lockText === undefined ? undefined : readLock(lockText, LOCK_FILE);
  const sealed = readSealed(file.folder);
  return {
    file,
    definition: value,
    lock: lock?.value,
    lockFile,
    sealed: sealed.values,
    diagnostics: [...diagnostics, ...(lock?.diagnostics ?? []), ...sealed.diagnostics],
    sources: new Map([
      [file.shown, file.text],
      ...(lockText === undefined ? [] : [[LOCK_FILE, lockText] as const]),
      ...sealed.sources,
    ]),
  };
}

export interface CompiledPlatform extends LoadedPlatform {
  /** Undefined after an error. */
  readonly compiled: Compiled | undefined;
}

/** Loads and compiles; findings carry their places. */
export async function compilePlatform(
  options: PlatformOptions,
  terminal: Terminal,
): Promise<CompiledPlatform> {
  return compileLoaded(await loadPlatform(options, terminal), options.env);
}

/** `names`: the environments to compile; all when left out. */
export function compileLoaded(
  platform: LoadedPlatform,
  names?: readonly string[],
  until?: Phase,
): CompiledPlatform {
  const { definition, lock, sealed } = platform;
  if (hasErrors(platform.diagnostics)) return { ...platform, compiled: undefined };
  const environments = names === undefined ? {} : { environments: names };
  const phase = until === undefined ? {} : { until };
  const outcome = compile({ definition, registry, lock, sealed, ...environments, ...phase });
  const found = [...platform.diagnostics, ...outcome.diagnostics];
  const diagnostics = withSpans(found, platform.file);
  return { ...platform, compiled: outcome.value, diagnostics };
}

/** The built-in kinds, and those of the CRDs of every component in use. */
export async function kindsOf(compiled: Compiled): Promise<KindRegistry> {
  const names = new Set(
    compiled.targets.flatMap(({ cluster }) => [
      ...cluster.slots.map(({ component }) => component),
      ...cluster.providers.map(({ component }) => component),
    ]),
  );
  const loads = registry.components.flatMap((component) =>
    "crds" in component && component.crds !== undefined && names.has(component.name)
      ? [component.crds()]
      : [],
  );
  return createKindRegistry(builtinKinds(), ...(await Promise.all(loads)).flat());
}
