// Answers `keelson explain`: the thing is an object, the code of a finding, or a path of the definition, in that order.

import { parsePath } from "../../core/index.ts";
import { compilePlatform } from "../platform.ts";
import type { CompiledPlatform } from "../platform.ts";
import type { ExplainOptions } from "../commands/explain.ts";
import { printFindings } from "../print-findings.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { explainCode } from "./explain-code.ts";
import { explainObject } from "./explain-object.ts";
import { explainPath } from "./explain-path.ts";
import { findObjects } from "./find-objects.ts";

/** A platform that compiled. */
export type ExplainedPlatform = CompiledPlatform & {
  readonly compiled: NonNullable<CompiledPlatform["compiled"]>;
};

/** True when there was something to say. */
export async function explain(
  thing: string,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<boolean> {
  const platform = await compilePlatform(options, terminal);
  if (isCode(thing)) {
    terminal.out(await explainCode(thing, platform, terminal.color.out));
    return true;
  }
  const { compiled } = platform;
  if (compiled === undefined) {
    printFindings(platform.diagnostics, platform.sources, terminal);
    return false;
  }
  terminal.out(explainThing(thing, options, { ...platform, compiled }));
  return true;
}

/** `verify/plaintext-secret`: the rooms that have findings, so that `service/web` stays an object. */
function isCode(thing: string): boolean {
  return /^(?:definition|model|plan|lock|graph|compile|verify|catalogue|render)\/[a-z-]+$/.test(
    thing,
  );
}

function explainThing(thing: string, options: ExplainOptions, platform: ExplainedPlatform): string {
  if (thing.includes("/")) {
    const found = findObjects(thing, options.namespace, platform.compiled);
    return explainObject(found, platform);
  }
  const path = parsePath(thing);
  if (path === undefined) throw new UsageError(`${thing} is neither an object nor a path`);
  return explainPath(path, platform);
}
